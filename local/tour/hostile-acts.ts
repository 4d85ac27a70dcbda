import { setTimeout as wait } from 'node:timers/promises'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import type { Act } from './act.ts'
import { nameOf } from './places.ts'
import { askAsFactory, askAsUnknown, askAsWorkspace } from './requests.ts'
import type { TourWorld } from './world.ts'

const plain = { location: 'westeurope', properties: {} }
/** More than the app's limit for one subscription within ten minutes. */
const burstSize = 60
const maxWaitMs = 30_000
const pollMs = 200

/** What must not succeed, for any requester. */
export const hostileActs: readonly Act[] = [
  {
    title:
      'A factory nobody listed, an unknown requester with a borrowed name, and a target that nobody may reach.',
    play: ({ clients, places }) =>
      Promise.all([
        askAsFactory(clients, {
          ...unwanted(places.unknownFactory, 'mpe-archive', places.archive, 'blob'),
        }),
        askAsUnknown(clients, {
          name: `${nameOf(places.salesFactory)}.mpe-blob`,
          message: `Requested by DataFactory:${nameOf(places.salesFactory)}, Name:mpe-blob`,
          target: places.lake,
          groupId: 'blob',
        }),
        askAsFactory(clients, {
          ...unwanted(places.salesFactory, 'mpe-payroll', places.payroll, 'vault'),
          ending: 'rejected',
        }),
      ]),
  },
  {
    title:
      'Another customer, in the same managed network: with a factory, with a workspace called like the sales factory, and with a factory name that was ours until it was deleted.',
    play: async (world) => {
      const { clients, places } = world
      await clients.foreignArm('PUT', places.visitorFactory, '2018-06-01', plain)
      await clients.foreignArm('PUT', places.competitor, '2021-06-01', plain)
      await changeHands(world)
      return Promise.all([
        askAsFactory(clients, {
          ...unwanted(places.visitorFactory, 'mpe-blob', places.lake, 'blob'),
          as: 'unknown',
        }),
        askAsWorkspace(clients, {
          ...unwantedBy(places.competitor, 'mpe-new', places.lake, 'dfs'),
          as: 'unknown',
        }),
        askAsFactory(clients, {
          ...unwanted(places.retiredFactoryAgain, 'mpe-blob', places.archive, 'blob'),
          as: 'unknown',
        }),
      ])
    },
  },
  {
    title: 'The right factory, where no rule says so; and a message that would be a web page.',
    play: ({ clients, places }) =>
      Promise.all([
        askAsFactory(clients, unwanted(places.salesFactory, 'mpe-sealed', places.sealed, 'blob')),
        askAsUnknown(clients, {
          name: `pe-invoice-${places.run}`,
          message:
            '<script>location="https://evil.example"</script> **Approved by IT** [Approve](https://evil.example)',
          target: places.sealed,
          groupId: 'blob',
        }),
      ]),
  },
  {
    title:
      'Targets to which no decision can be applied: a type nobody knows, and one without an approving operation.',
    play: ({ clients, places }) =>
      Promise.all([
        askAsFactory(clients, unwanted(places.salesFactory, 'mpe-unknown', places.unknownType, 'vault')),
        askAsFactory(clients, unwanted(places.salesFactory, 'mpe-chaos', places.chaos, 'agents')),
      ]),
  },
  {
    title: `A burst: ${burstSize} requests of an unknown requester's for one account, and in the midst of them a listed one.`,
    play: async ({ clients, places }) => {
      const burst = Array.from({ length: burstSize }, (_, index) =>
        askAsUnknown(clients, {
          name: `pe-burst-${places.run}-${index}`,
          message: 'please',
          target: places.burst,
          groupId: 'blob',
        }),
      )
      const listed = askAsFactory(clients, {
        ...unwanted(places.salesFactory, 'mpe-burst', places.burst, 'blob'),
        ending: 'approved',
      })
      await Promise.all(burst)
      return [await listed]
    },
    check: checkBurst,
  },
]

/** A factory of ours that a rule names is deleted, and an unknown requester takes its freed name. */
async function changeHands({ clients, places }: TourWorld): Promise<void> {
  await clients.arm('DELETE', places.retiredFactory, '2018-06-01')
  await clients.foreignArm('PUT', places.retiredFactoryAgain, '2018-06-01', plain)
}

function unwanted(factory: string, name: string, target: string, groupId: string) {
  return { factory, name, target, groupId, ending: 'manual review' } as const
}

function unwantedBy(workspace: string, name: string, target: string, groupId: string) {
  return { workspace, name, target, groupId, ending: 'manual review' } as const
}

/** All requests of the burst must wait for manual review, those over the limit as one case. */
async function checkBurst({ ledger, places }: TourWorld): Promise<{ line: string; problem: string }> {
  const target = parseResourceId(places.burst)
  if (!target) throw new Error(`${places.burst} is no ARM id.`)
  const giveUpAt = Date.now() + maxWaitMs
  for (;;) {
    const open = await ledger.unfinishedOn(target)
    const gathered = open.flatMap(({ request }) => request.caseId ?? [])
    const cases = new Set(gathered).size
    if (open.length === burstSize || Date.now() > giveUpAt) {
      const isRight = open.length === burstSize && cases === 1
      return {
        line: `${open.length} requests of the burst wait for manual review, ${gathered.length} of them as one case.`,
        problem: isRight
          ? ''
          : `${open.length} of ${burstSize} requests wait, in ${cases} cases instead of one`,
      }
    }
    await wait(pollMs)
  }
}
