import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import type { SentRequest } from '../../local/tour/requests.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { askForLake, createLake, createSalesFactory, untilTargetHas } from '../support/lake-requests.ts'
import { type RunningStack, runStack, until } from '../support/running-stack.ts'

let running: RunningStack
let target: string
let targetCount = 0

beforeAll(async () => {
  running = await runStack(inject('appFolder'))
  await createSalesFactory(running)
})
afterAll(() => running.stop())

beforeEach(async () => {
  targetCount += 1
  target = `${running.places.lake}${targetCount}`
  await createLake(running, target, { environment: 'prod' })
})

async function write(id: string, change: Record<string, unknown> = {}): Promise<void> {
  await running.allowList.upsertEntity(
    {
      partitionKey: 'rule',
      rowKey: id,
      effect: 'allow',
      target,
      requester: running.places.salesFactory,
      ...change,
    },
    'Replace',
  )
}

function ask(name: string): Promise<SentRequest> {
  return askForLake(running, target, `${name}-${targetCount}`)
}

function untilState(seconds: number, state: string): Promise<LogEntry[]> {
  return untilTargetHas(running, target, seconds, state)
}

interface Readiness {
  readonly status: number
  readonly body: {
    readonly checks: { readonly allowList: { readonly status: string; readonly problem?: string } }
  }
}

async function readiness(key = running.stack.functionsApp().keys.functionKey): Promise<Readiness> {
  const { origin } = running.stack.functionsApp()
  const response = await fetch(`${origin}/readyz`, { headers: { 'x-functions-key': key } })
  return { status: response.status, body: (await response.json().catch(() => ({}))) as Readiness['body'] }
}

describe('an allow-list of which half cannot be used', () => {
  it('decides nothing, health says why, and fixing it lets the open request be evaluated again', async () => {
    for (const number of [1, 2, 3]) await write(`good-${number}`)
    for (const number of [1, 2, 3]) await write(`bad-${number}`, { effect: 'permit' })

    const seen = await until(20, readiness, ({ status }) => status === 503)
    expect(seen.body.checks.allowList.status).toBe('fail')
    expect(seen.body.checks.allowList.problem).toMatch(
      /^Every request waits for manual review\. 3 of 6 rows cannot be used\. Row "bad-1": effect is "permit"/,
    )
    await ask('half')
    const [stateOf] = await untilState(60, 'waiting for manual review')
    expect(stateOf?.reason.code).toBe('rules-unreadable')
    expect(await running.connectionWrites(target)).toEqual([])

    for (const number of [1, 2, 3]) await running.allowList.deleteEntity('rule', `bad-${number}`)
    await until(20, readiness, ({ status }) => status === 200)
    const all = await untilState(60, 'approved')
    expect(all.at(-1)?.decidedBy?.ruleId).toBe('good-1')
  }, 180_000)

  it('is told only to who has a key, and the rest of the world that the app lives', async () => {
    const { origin } = running.stack.functionsApp()
    expect((await readiness('wrong')).status).toBe(401)
    const alive = await fetch(`${origin}/healthz`)
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'ok' }])
  })
})

describe('a rule with everything there is', () => {
  it('on a management group, with tags and a number, approves one request and asks about the next', async () => {
    const subscription = target.split('/')[2] ?? ''
    await running.control('PUT', `management-groups/subscriptions/${subscription}`, { groups: ['data'] })
    await write(`one-${targetCount}`, {
      target: '/providers/Microsoft.Management/managementGroups/data',
      targetTypes: 'Microsoft.Storage/storageAccounts',
      targetTags: '{"Environment":"prod"}',
      maxConnections: 1,
      approvalEndsAfter: 'P90D',
    })
    await until(20, readiness, ({ status }) => status === 200)
    await ask('first')
    const approved = (await untilState(60, 'approved')).at(-1)
    expect(approved?.terms?.approvalEndsAfter).toBe('P90D')
    expect(approved?.context?.targetGroups?.names.at(-1)).toBe('data')

    await ask('second')
    const asked = (await untilState(60, 'waiting for manual review')).at(-1)
    expect(asked?.reason.sentence).toContain('actual: 1 that are approved or may be')
  }, 180_000)
})
