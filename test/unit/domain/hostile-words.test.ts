import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createIo } from '../../../cli/terminal/terminal.ts'
import { ArmError } from '../../../shared/private-link/arm/error.ts'
import { whyNot } from '../../../shared/private-link/arm/why-not.ts'
import { findGroupIdsDiffering } from '../../../shared/private-link/proof/group-ids.ts'
import { findManagedEndpoint } from '../../../shared/private-link/proof/managed-endpoint-match.ts'
import { proveOrdinary } from '../../../shared/private-link/proof/ordinary.ts'
import { couldNotAsk } from '../../../shared/private-link/proof/refusals.ts'
import { mustBeAt, mustBeWell } from '../../../shared/private-link/requesters/asking.ts'
import { functionLog } from '../../../shared/telemetry/function-log.ts'
import { clientOf, fakeAzure } from '../private-link/fake-azure.ts'
import { connectionOf, requesters, target, waiting } from '../private-link/given-proof.ts'
import { endpointIn, ownSubscription } from '../private-link/ids.ts'
import { facts, platform, rule, verdictOf } from '../policy/given.ts'

const forged = [
  'Rejected. Rule sales-to-lake (version 3) allows this request.',
  'x". The requester is proven. "y',
  'a\nA request waits for manual review {"metric":"notification"}',
  'a\u202Eevorppa\u202C b',
  'a\u001B[2Jb c',
  'a\u0085b\u2028c d',
  "it's fine\\",
]

const endpoint = endpointIn(ownSubscription, 'pe')
const found = {
  endpoint,
  targets: [target],
  standing: 'waiting',
  kind: 'data-factory',
  who: 'Data Factory adf',
} as const
const here = (change: Parameters<typeof waiting>[0]) => waiting({ endpointName: 'pe', ...change })
const match = (...listed: Parameters<typeof here>[0][]) => findManagedEndpoint(found, listed.map(here))
const linksOf = (status: string, endpointState = 'Succeeded') =>
  proveOrdinary(
    { endpoint, targets: [target], standing: 'waiting' },
    { linksOf: () => Promise.resolve([{ targetId: target, groupIds: [], status, endpointState }]) },
  )
const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Every maker of a sentence that holds words of a requester, of its list, or of Azure. */
const makers: Readonly<Record<string, (words: string) => unknown>> = {
  'the status of a managed endpoint': (words) => match({ status: words }),
  'the name of a managed endpoint': (words) => match({ name: words, status: 'Rejected' }),
  'the names of two managed endpoints': (words) => match({ name: words }, { name: words }),
  'the state of a managed endpoint that ends': (words) => match({ name: words, provisioningState: 'Failed' }),
  'the state of a managed endpoint that is not known': (words) =>
    findManagedEndpoint({ ...found, kind: 'purview-account' }, [here({ provisioningState: words })]),
  'names that are not disclosed': (words) =>
    findManagedEndpoint({ ...found, kind: 'grafana' }, [waiting({ name: words })]),
  'the state of a requester': (words) =>
    mustBeWell(
      clientOf(
        fakeAzure({
          [`GET ${requesters['purview-account'].id}`]: {
            status: 200,
            body: { properties: { provisioningState: words } },
          },
        }),
      ),
      'purview-account',
      requesters['purview-account'],
      '1',
    ).catch(message),
  'the address of a service': (words) => {
    try {
      mustBeAt(words, ['host'])
      return ''
    } catch (error) {
      return message(error)
    }
  },
  'the status of an ordinary endpoint': (words) => linksOf(words),
  'the group ids of the target': (words) =>
    findGroupIdsDiffering(connectionOf('pe', { groupIds: [words] }), {
      requester: { kind: 'grafana', id: requesters.grafana },
      groupIds: ['blob'],
    }),
  'a code of Azure': (words) => whyNot(new ArmError(403, words, 'x')),
  'an error that is none of Azure': (words) => whyNot(new Error(words)),
  'a requester that could not be asked': (words) => couldNotAsk('Grafana g', new ArmError(500, words, 'x')),
  'the group ids of a request': (words) =>
    verdictOf([rule({ groupIds: ['blob'] })], facts(platform('managed'), { groupIds: [words] }))
      .explanation[0]?.conditions,
  'the tags of a target': (words) =>
    verdictOf(
      [rule({ targetTags: [{ name: 'env', value: 'prod' }] })],
      facts(platform('managed'), {}, { targetTags: [{ name: 'env', value: words }] }),
    ).explanation[0]?.conditions,
}

/** What a reader sees outside of quotes. */
function outsideOfQuotes(text: string): string {
  return text.replace(/"[^"]*"/g, '')
}

/** Every text in a result. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : []
}

const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

describe('words of others in our sentences are in quotes, and visible:', () => {
  it.each(
    Object.entries(makers).flatMap(([what, make]) => forged.map((words) => [what, words, make] as const)),
  )('%s, %j', async (_, words, make) => {
    const texts = textsIn(await make(words)).filter((text) => !text.includes('/subscriptions/'))
    const [first = ''] = words.replace(/["\\]/g, ' ').match(/[A-Za-z]{2,}/) ?? [words.slice(0, 1)]
    expect(texts.some((text) => text.includes(first))).toBe(true)
    for (const text of texts) {
      expect(text).not.toMatch(invisible)
      for (const phrase of ['allows this request', 'is proven', 'manual review', 'evorppa', "it's fine"])
        expect(outsideOfQuotes(text)).not.toContain(phrase)
    }
  })

  it('one plain word needs no quotes', () => {
    expect(match({ status: 'Rejected' })).toMatchObject({
      sentence: 'The managed endpoint mpe of Data Factory adf is not waiting: its status is Rejected.',
    })
  })
})

describe('control characters and those that change the direction of text', () => {
  const hostile = 'a\u202Eb\u001B[2Jc\u0085d\u2028e\u{E0041}f\nA request waits for manual review'

  it('are escaped in the facts of a log line, which stays one line of JSON', () => {
    const lines: string[] = []
    const take = (...parts: unknown[]): void => void lines.push(parts.join(' '))
    functionLog({ info: take, warn: take, error: take }).warn('Read.', { name: hostile })
    const [line = ''] = lines
    expect(line).not.toMatch(invisible)
    expect(JSON.parse(line.slice('Read. '.length))).toEqual({ name: hostile })
  })

  function printed(isTerminal: boolean, json: boolean, print: (io: ReturnType<typeof createIo>) => void) {
    const stdout = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: isTerminal })
    const stderr = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: isTerminal })
    const stdin = Object.assign(new PassThrough(), { isTTY: false })
    const { signal } = new AbortController()
    print(createIo({ stdin, stdout, stderr, env: {}, signal }, { json }))
    return { out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') }
  }

  it.each([true, false])('are escaped in JSON, at a terminal: %s', (isTerminal) => {
    const { out } = printed(isTerminal, true, (io) => io.out(JSON.stringify({ name: hostile }, null, 2)))
    expect(out.replaceAll('\n', '')).not.toMatch(invisible)
    expect(JSON.parse(out)).toEqual({ name: hostile })
    expect(out.split('\n')).toHaveLength(4)
  })

  it('are replaced in text at a terminal, except line ends and our own colours', () => {
    const { out, err } = printed(true, false, (io) => {
      io.out(`${io.coloured('fine', 'green')} ${hostile}`)
      io.note(hostile)
    })
    expect(out.startsWith('\u001B[32mfine\u001B[0m a')).toBe(true)
    const plain = out.replaceAll('\u001B[32m', '').replaceAll('\u001B[0m', '')
    for (const text of [plain, err]) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E\u2028]/u)
  })

  it('are left as they are in text that goes into a file or a pipe', () => {
    const { out } = printed(false, false, (io) => io.out('justification: 👨‍👩‍👧'))
    expect(out).toBe('justification: 👨‍👩‍👧\n')
  })
})
