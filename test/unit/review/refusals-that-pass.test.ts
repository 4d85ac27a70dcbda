import { describe, expect, it } from 'vitest'
import { type Fault, PersistentWorld, type Story } from '../../support/persistent-world.ts'
import { failing, theWrite } from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const minute = 60
const hour = 60 * minute
const day = 24 * hour
const week = 7 * day

const approval: Story = { rules: [salesToLake], end: 'Approved' }
const message = 'Azure says what to remove.'

/** Refusals whose cause people remove elsewhere, or that end by themselves. */
const passing: Readonly<Record<string, Fault>> = {
  'AuthorizationFailed, as a role is not in force yet,': failing(403, 'AuthorizationFailed', message),
  RequestDisallowedByPolicy: failing(403, 'RequestDisallowedByPolicy', message),
  DenyAssignmentAuthorizationFailed: failing(403, 'DenyAssignmentAuthorizationFailed', message),
  ScopeLocked: failing(409, 'ScopeLocked', message),
  'ScopeLocked as 403': failing(403, 'ScopeLocked', message),
  MissingSubscriptionRegistration: failing(409, 'MissingSubscriptionRegistration', message),
  'a target that is settling, AccountProvisioningStateInvalid,': failing(
    400,
    'AccountProvisioningStateInvalid',
    message,
  ),
  'a target that is settling, ResourceNotProvisioned,': failing(400, 'ResourceNotProvisioned', message),
  ReadOnlyDisabledSubscription: failing(409, 'ReadOnlyDisabledSubscription', message),
}
const passingAndGone: Readonly<Record<string, Fault>> = {
  ...passing,
  '404, while the connection is still listed,': failing(404, 'NotFound', message),
}

/** Refusals that the same decision meets each time. */
const lasting: Readonly<Record<string, Fault>> = {
  'a request that is not understood': failing(400, 'InvalidRequestFormat', message),
  'a method that is not allowed': failing(405, 'MethodNotAllowed', message),
}

async function refused(fault: Fault, seconds: number): Promise<PersistentWorld> {
  const world = new PersistentWorld(approval)
  world.fail(theWrite, fault)
  await world.run(seconds)
  return world
}

/** Seconds after the first try at which the decision was sent again. */
function triesAfterFirst({ sentAt: [first = 0, ...others] }: PersistentWorld): number[] {
  return others.map((at) => at - first)
}

/** A pass comes with a timer and takes the queue: what was due comes within so many seconds. */
const slackSeconds = 45

describe.each(Object.entries(passingAndGone))('after %s', (_, fault) => {
  it('the decision is sent again after 1, 5 and 30 minutes, and then hourly', async () => {
    const world = await refused(fault, 5 * hour)
    const due = [minute, 5 * minute, 30 * minute, 90 * minute, 150 * minute, 210 * minute, 270 * minute]
    const tries = triesAfterFirst(world)
    expect(tries).toHaveLength(due.length)
    tries.forEach((at, index) => {
      expect(at).toBeGreaterThanOrEqual(due[index] ?? 0)
      expect(at).toBeLessThan((due[index] ?? 0) + slackSeconds)
    })
  })

  it('somebody is notified at once, and not again for the same code', async () => {
    const world = await refused(fault, day)
    expect(world.notices.map(({ code }) => code)).toEqual(['refused-by-azure'])
    expect(world.notices[0]?.seconds).toBeLessThan(minute)
    expect(world.openQuestions()).toEqual(['refused-by-azure'])
  })

  it('the sentence says that it is tried again, for how long, and what to do', async () => {
    const world = await refused(fault, minute)
    expect(world.notices[0]?.sentence).toContain(
      'or decide in the portal: the app sends it again after 1, 5 and 30 minutes, then hourly, for 7 days.',
    )
  })

  it.each([2, 40, 600])(
    'a success, when the cause ends after %i minutes, closes the question',
    async (minutes) => {
      const world = await refused(fault, minutes * minute)
      world.heal()
      await world.pass(hour + 5 * minute)
      expect(world.status()).toBe('Approved')
      expect(world.entryLines().at(-1)).toBe('result:applied approve')
      expect(world.openQuestions()).toEqual([])
      expect(world.notices).toHaveLength(1)
    },
  )
})

describe.each(Object.entries(passing))('the sentence about %s', (_, fault) => {
  it("has Azure's words", async () => {
    const world = await refused(fault, minute)
    expect(world.notices[0]?.sentence).toContain('Azure says what to remove')
  })
})

describe('a refusal that may pass', () => {
  const fault = failing(409, 'ScopeLocked', message)

  it('is tried for 7 days and not after that, and the question stays open', async () => {
    const world = await refused(fault, week + 2 * hour)
    const tries = triesAfterFirst(world)
    expect(tries.length).toBeGreaterThan(7 * 24 - 3)
    expect(tries.at(-1)).toBeGreaterThan(week - hour - slackSeconds)
    const before = world.sentAt.length
    await world.pass(3 * day)
    expect(world.sentAt).toHaveLength(before)
    expect(world.openQuestions()).toEqual(['refused-by-azure'])
    expect(world.notices).toHaveLength(1)
  })

  it('is not tried more often because events come', async () => {
    const world = await refused(fault, 40 * minute)
    const before = world.sentAt.length
    for (let events = 0; events < 40; events += 1) {
      await world.event()
      await world.pass(minute)
    }
    expect(world.sentAt.length - before).toBeLessThanOrEqual(1)
  })

  it('and then another one are two notifications; the first again is known', async () => {
    const world = await refused(fault, 2 * hour)
    world.fail(theWrite, failing(403, 'RequestDisallowedByPolicy', 'A policy says no.'))
    await world.pass(3 * hour)
    expect(world.notices).toHaveLength(2)
    expect(world.notices[1]?.sentence).toContain('RequestDisallowedByPolicy')
    expect(world.openQuestions()).toEqual(['refused-by-azure'])
    world.fail(theWrite, fault)
    await world.pass(3 * hour)
    expect(world.notices).toHaveLength(2)
    expect(world.openQuestions()).toEqual(['refused-by-azure'])
  })

  it('is tried at once by a new version of the rule', async () => {
    const world = await refused(fault, 40 * minute)
    const before = world.sentAt.length
    world.heal()
    world.arena.rules = world.arena.rules.map((rule) => ({ ...rule, version: rule.version + 1 }))
    await world.pass(2 * minute)
    expect(world.sentAt).toHaveLength(before + 1)
    expect(world.openQuestions()).toEqual([])
  })

  it('is not tried when no rule decides any more: a person does', async () => {
    const world = await refused(fault, 2 * minute)
    const before = world.sentAt.length
    world.arena.rules = []
    await world.pass(day)
    expect(world.sentAt).toHaveLength(before)
    expect(world.notices.map(({ code }) => code)).toEqual(['refused-by-azure', 'no-rule-matched'])
  })

  it('becomes one that lasts: it is said, and not tried again', async () => {
    const world = await refused(fault, 2 * minute)
    world.fail(theWrite, failing(400, 'InvalidRequestFormat', 'Malformed.'))
    await world.pass(hour)
    const before = world.sentAt.length
    await world.pass(day)
    expect(world.sentAt).toHaveLength(before)
    expect(world.notices.map(({ sentence }) => sentence.includes('is not sent again'))).toEqual([false, true])
  })

  it('and the cause of which ends while nobody looks is not forgotten over a stop of the app', async () => {
    const world = await refused(fault, 2 * hour)
    world.heal()
    world.stop(5 * hour)
    await world.pass(5 * minute)
    expect(world.status()).toBe('Approved')
    expect(world.openQuestions()).toEqual([])
  })
})

describe('busy for half an hour, ', () => {
  it('the decision is sent again afterwards, too, and a success closes the question', async () => {
    const world = new PersistentWorld(approval)
    world.fail(theWrite, failing(409, 'AnotherOperationInProgress', 'Busy.'))
    await world.run(2 * hour)
    expect(world.notices.map(({ code }) => code)).toEqual(['refused-by-azure'])
    expect(world.notices[0]?.sentence).toContain('AnotherOperationInProgress ("Busy.")')
    world.heal()
    await world.pass(hour + 5 * minute)
    expect(world.status()).toBe('Approved')
    expect(world.openQuestions()).toEqual([])
    expect(world.notices).toHaveLength(1)
  })
})

describe.each(Object.entries(lasting))('%s', (_, fault) => {
  it('is a lasting refusal: the decision is not sent again, and somebody is notified once', async () => {
    const world = await refused(fault, week + day)
    expect(world.sentAt).toHaveLength(1)
    expect(world.notices).toHaveLength(1)
  })

  it("is said with Azure's words and the next step", async () => {
    const world = await refused(fault, minute)
    expect(world.notices[0]?.sentence).toContain('Azure says what to remove')
    expect(world.notices[0]?.sentence).toContain('The same decision is not sent again: decide in the portal.')
  })
})
