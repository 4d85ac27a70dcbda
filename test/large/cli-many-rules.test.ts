import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tableNames } from '../../shared/config/table-names.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'
import { call, type CallOptions, type Ended } from '../support/built-command-line.ts'

const guid = (at: number) => `0a5e6f10-1111-4a6b-8c2d-${String(at).padStart(12, '0')}`

function fileOf(count: number): string {
  const rules = Array.from({ length: count }, (_, at) => {
    const target = `/subscriptions/${guid(at % 100)}/resourceGroups/rg-${at}/providers/Microsoft.Storage/storageAccounts/st${at}`
    const requester = `/subscriptions/${guid(200 + (at % 50))}/resourceGroups/rg-a/providers/Microsoft.DataFactory/factories/adf-${at}`
    return `  - id: rule-${at}\n    effect: allow\n    target: ${target}\n    groupIds: [blob]\n    requester: ${requester}\n    validUntil: 2099-01-01\n    owner: team\n`
  })
  return `rules:\n${rules.join('')}`
}

describe('a file of 10,000 rules', () => {
  const seconds = 240
  const file = fileOf(10_000)
  let azurite: Azurite

  beforeAll(async () => {
    azurite = await startAzurite()
  })
  afterAll(() => azurite.stop())

  function allowList(command: string, options: CallOptions = {}): Promise<Ended> {
    const env = { AzureWebJobsStorage: azurite.connectionString }
    return call(['allow-list', ...command.split(' ')], { input: file, env, ...options })
  }

  it(
    'stopped by Ctrl-C says what is written; the next apply goes on, and the one after it changes nothing',
    { timeout: seconds * 1000 },
    async () => {
      const table = TableClient.fromConnectionString(azurite.connectionString, tableNames.allowList, {
        allowInsecureConnection: true,
      })
      const isUnderWay = async () => {
        const head = await table.getEntity('rule', '~head').catch(() => undefined)
        return Boolean(head?.['applyingSince'])
      }
      const planned = await allowList('plan -')
      expect(planned.out).toMatch(/\n10,000 added, 0 changed, 0 removed, 0 unchanged in /)
      expect(planned.out.split('\n').length).toBeLessThan(500)

      let interrupt = () => false
      const stopping = allowList('apply - --yes', {
        onStart: (child) => (interrupt = () => child.kill('SIGINT')),
      })
      await expect.poll(isUnderWay, { timeout: 60_000, interval: 20 }).toBe(true)
      interrupt()
      const stopped = await stopping
      expect(stopped.code).toBe(130)
      expect(stopped.err).toMatch(
        /^Stopped\. \d+ of 10000 changes are written, and the list decides nothing until an apply runs to its end\. Run allow-list apply again: it goes on from there\.\n$/m,
      )

      const half = await allowList('plan -')
      expect(half.out).toMatch(/^An apply by \S+ with standard input is under way or was left unfinished /)
      const finished = await allowList('apply - --yes')
      expect(finished).toMatchObject({ code: 0, err: '' })
      const again = await allowList('apply -')
      expect(again).toMatchObject({ code: 0, err: '' })
      expect(again.out).toMatch(/^Nothing to change: the 10,000 rules in /)
      expect((await allowList('history --verify --limit 1')).out).toMatch(
        /\nThe chain of all 10,000 changes holds\.\n$/,
      )
    },
  )
})
