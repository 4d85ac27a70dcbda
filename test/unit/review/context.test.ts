import { beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import type { ChannelDefinition, Routing } from '../../../shared/domain/route.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { AzureBusy, AzureFailed } from '../../../shared/ports/azure.ts'
import { review } from '../../../shared/review/review-target.ts'
import { sampleRoute } from '../../support/fake-delivery.ts'
import { connection, FakeReview, salesToLake, target } from '../../support/fake-review.ts'
import { plainTerms } from '../../support/sample-rule.ts'

const last = 9
const notRead = 'the tags of stlake could not be read: 403 Forbidden'
const busyNow = { kind: 'retry-after', afterSeconds: 5, code: '409', message: 'Busy.' } as const
const failing = () => Promise.reject(new AzureFailed({ code: 'InternalServerError', message: '500' }))
let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

function decideBy(...rules: Partial<Rule>[]): void {
  world.rules = {
    complete: true,
    hash: JSON.stringify(rules),
    rules: rules.map((change, index) => ({ ...salesToLake, id: `rule-${index}`, ...change })),
  }
}

const pass = (attempt?: number) => world.review(target, attempt)
const outcomes = () =>
  world.log.map(({ subject, state }) => `${subjectId(subject).split('/').at(-1)}:${state}`)

describe('tags', () => {
  const prod = { targetTags: [{ name: 'environment', value: 'prod' }] }

  it('of the target are read at each review pass where a rule on it asks for them, and recorded', async () => {
    decideBy(prod)
    world.tags = { value: [{ name: 'Environment', value: 'prod' }], problem: undefined }
    await pass()
    expect(outcomes()).toEqual(['mpe:applying', 'mpe:applied'])
    expect(world.log[0]?.context).toEqual({ targetTags: [{ name: 'Environment', value: 'prod' }] })
  })

  it('that no rule asks for are not read', async () => {
    await pass()
    expect([world.tagsAskedOf, world.log.at(-1)?.state]).toEqual([[], 'applied'])
    expect(world.log[0]?.context).toBeUndefined()
  })

  it('are read once for all connections of a review pass', async () => {
    decideBy(prod)
    world.live = [connection('a'), connection('b'), connection('c')]
    await pass()
    expect(world.tagsAskedOf).toEqual([target.name])
  })

  it('that may not be read ask a person at once', async () => {
    decideBy(prod)
    world.tags = { value: undefined, problem: notRead }
    await pass(0)
    expect(world.log.at(-1)).toMatchObject({ state: 'open', reason: { code: 'no-rule-matched' } })
  })

  it('that may not be read ask a person in the words of Azure, whatever else is asked', async () => {
    decideBy({ ...prod, requester: undefined, effect: 'deny' }, {})
    world.tags = { value: undefined, problem: notRead }
    await pass(0)
    expect(world.log.at(-1)).toMatchObject({ state: 'open', reason: { code: 'may-be-denied' } })
    expect(world.log.at(-1)?.reason.sentence).toContain(
      'The tags of stlake could not be read: 403 Forbidden.',
    )
  })

  it('that cannot be read just now ask nobody: the pass comes back, and knows since when', async () => {
    decideBy(prod)
    const ports = { ...world.ports, context: { ...world.ports.context, tagsOf: failing } }
    world.work.arrange(target, undefined)
    await review(ports, world.message(last))
    expect(outcomes()).toEqual([])
    expect(world.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([15])
    expect(world.work.stateOf(target)?.series.trouble).toMatchObject([{ at: world.time }])
    await review(world.ports, world.message(last))
    expect(outcomes()).toEqual(['mpe:open'])
  })

  it('that may not be read do not keep a request from an answer that they have no part in', async () => {
    decideBy({}, { id: 'never', ...prod })
    world.tags = { value: undefined, problem: notRead }
    await pass(0)
    expect(outcomes()).toEqual(['mpe:applying', 'mpe:applied'])
  })

  it('are asked for again after the time that a busy Azure wants', async () => {
    decideBy(prod)
    const context = { ...world.ports.context, tagsOf: () => Promise.reject(new AzureBusy(40)) }
    await review({ ...world.ports, context }, world.message(last))
    expect(world.sent.map(({ delaySeconds }) => delaySeconds)).toEqual([40])
    expect(outcomes()).toEqual([])
  })

  it('too long for an entry are left out of it whole', async () => {
    decideBy(prod)
    const many = Array.from({ length: 50 }, (_, index) => ({ name: `n${index}`, value: 'x'.repeat(256) }))
    world.tags = { value: [{ name: 'environment', value: 'prod' }, ...many], problem: undefined }
    await pass()
    expect(world.log.at(-1)?.state).toBe('applied')
    expect(world.log[0]?.context).toBeUndefined()
  })
})

describe('tags that no rule needs', () => {
  const owner = { name: 'Owner', value: 'kim@contoso.com' }
  const byTag = sampleRoute({
    name: 'owners',
    isDefault: false,
    targetTags: [{ name: 'owner', value: 'kim' }],
  })
  const toTag: ChannelDefinition = {
    ...{ kind: 'email', name: 'mail', to: [] },
    fromTag: { name: 'owner', domains: ['contoso.com'] },
  }
  const route = (routing: Partial<Routing>) => {
    world.routing = { routing: { channels: [], routes: [], ...routing }, problems: [] }
  }

  beforeEach(() => {
    decideBy({ effect: 'ask' })
    world.tags = { value: [owner], problem: undefined }
  })

  it.each([
    ['a route has a tag as a condition', { routes: [byTag] }],
    ['the recipients of a channel stand in a tag', { channels: [toTag] }],
  ])('are read where %s, and recorded', async (_title, routing) => {
    route(routing)
    await pass()
    expect(world.log[0]?.context).toEqual({ targetTags: [owner] })
  })

  it('are read once for all connections of a review pass', async () => {
    route({ routes: [byTag] })
    world.live = [connection('a'), connection('b'), connection('c')]
    await pass()
    expect(world.tagsAskedOf).toEqual([target.name])
  })

  it('are not read where no route needs them, nor while the routes cannot be read', async () => {
    route({ routes: [sampleRoute()] })
    await pass()
    world.routing = { routing: undefined, problems: ['The table cannot be read.'] }
    world.live = [connection('other')]
    await pass()
    expect(world.tagsAskedOf).toEqual([])
  })

  it.each([
    ['may not be read', () => Promise.resolve({ value: undefined, problem: notRead })],
    ['cannot be read just now', failing],
    ['a busy Azure does not state', () => Promise.reject(new AzureBusy(40))],
  ])('that %s keep nobody waiting: the request says so', async (_title, tagsOf) => {
    route({ routes: [byTag] })
    const ports = { ...world.ports, context: { ...world.ports.context, tagsOf } }
    await review(ports, world.message(last))
    expect(outcomes()).toEqual(['mpe:open'])
    expect(world.log[0]?.context).toBeUndefined()
    expect(world.log[0]?.reason.sentence).toMatch(
      /The tags of stlake could not be read.* Routes by tag do not apply to this request\./i,
    )
  })

  it('that cannot be read keep no rule from deciding', async () => {
    route({ routes: [byTag] })
    decideBy({})
    const ports = { ...world.ports, context: { ...world.ports.context, tagsOf: failing } }
    await review(ports, world.message(last))
    expect(outcomes()).toEqual(['mpe:applying', 'mpe:applied'])
  })
})

describe('management groups that no rule needs', () => {
  const group = '/providers/Microsoft.Management/managementGroups/data'
  const found = { names: ['root', 'data'], isWhole: true }

  beforeEach(() => {
    decideBy({ effect: 'ask' })
    world.routing = {
      routing: { channels: [], routes: [sampleRoute({ isDefault: false, scopes: [group] })] },
      problems: [],
    }
  })

  it('are asked for where a route has one as its scope', async () => {
    world.groups = () => ({ value: found, problem: undefined })
    await pass()
    expect(world.log[0]?.context).toEqual({ targetGroups: found })
  })

  it('that cannot be asked for keep nobody waiting: the request says so', async () => {
    const ports = { ...world.ports, context: { ...world.ports.context, groupsOver: failing } }
    await review(ports, world.message(last))
    expect(outcomes()).toEqual(['mpe:open'])
    expect(world.log[0]?.reason.sentence).toContain(
      'Routes by management group do not apply to this request.',
    )
  })
})

describe('management groups', () => {
  const group = '/providers/Microsoft.Management/managementGroups/data'

  it('above the target are asked for where a rule has one as its target, and requesters of it are asked, too', async () => {
    decideBy({ target: group })
    world.groups = () => ({ value: { names: ['root', 'data'], isWhole: true }, problem: undefined })
    await pass()
    expect(outcomes()).toEqual(['mpe:applying', 'mpe:applied'])
    expect(world.log[0]?.context).toEqual({ targetGroups: { names: ['root', 'data'], isWhole: true } })
  })

  it('are asked for once for each subscription, and never for that of a managed network', async () => {
    decideBy({ target: group }, { effect: 'deny', requester: { kind: 'management-group', name: 'payroll' } })
    const asked: string[] = []
    world.groups = (subscriptionId) => {
      asked.push(subscriptionId)
      return { value: { names: ['root', 'data'], isWhole: true }, problem: undefined }
    }
    await pass()
    const requester = world.proof.requester?.id.id.split('/')[2]
    expect(asked).toEqual([...new Set([target.subscriptionId, requester])])
    expect(world.log.at(-1)?.state).toBe('applied')
  })
})

describe('the most connections of one requester', () => {
  it('holds among requests of one review pass: the first gets the place, a person decides on the others', async () => {
    decideBy({ maxConnections: 1 })
    world.live = [connection('a'), connection('b'), connection('c')]
    await pass()
    expect(outcomes().filter((line) => line.endsWith(':applied'))).toHaveLength(1)
    expect(outcomes().filter((line) => line.endsWith(':open'))).toHaveLength(2)
    expect(world.writes).toHaveLength(1)
  })

  it('counts what stands Approved already, whoever approved it', async () => {
    decideBy({ maxConnections: 1 })
    world.live = [connection('old', { status: 'Approved' }), connection('new')]
    await pass()
    expect(outcomes()).toEqual(['new:open'])
    expect(world.log[0]?.reason.sentence).toContain('actual: 1 that are approved or may be')
  })

  it('counts an approval that Azure has not taken yet, and sends it again', async () => {
    decideBy({ maxConnections: 1 })
    world.outcomes = [busyNow]
    await pass()
    world.live = [connection('another'), ...world.live]
    world.time += 15_000
    await pass()
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['mpe', 'mpe'])
    expect(outcomes()).toContain('another:open')
  })

  it.each([
    ['is still working on', { kind: 'accepted' }],
    ['may carry out', { kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'No response.' }],
  ] as const)('counts an approval that Azure %s', async (_what, outcome) => {
    decideBy({ maxConnections: 1 })
    world.outcomes = [outcome]
    await pass()
    world.live = [connection('another'), ...world.live]
    world.time += 1000
    await pass()
    expect(world.writes).toHaveLength(1)
    expect(outcomes()).toContain('another:open')
  })

  it.each([0, 1])('counts that approval once, whichever is settled first (%i ms)', async (ms) => {
    decideBy({ maxConnections: 2 })
    world.outcomes = [busyNow]
    await pass()
    world.live = [connection('another'), ...world.live]
    world.time += 10_000 + ms
    await pass(1)
    expect(outcomes()).toContain('another:applied')
  })

  it('counts an approval whose response was lost', async () => {
    decideBy({ maxConnections: 1 })
    world.live = [connection('a'), connection('b')]
    world.outcomes = [new Error('The response was lost.')]
    await expect(pass()).rejects.toThrow('The response was lost.')
    expect(world.writes).toHaveLength(1)
  })

  it('does not count a rejection, not even while it is written', async () => {
    decideBy(
      { maxConnections: 1 },
      { effect: 'deny', requester: undefined, endpointName: 'adf-sales.denied' },
    )
    world.outcomes = [busyNow]
    world.live = [connection('denied')]
    await pass()
    world.live = [...world.live, connection('mpe')]
    world.time += 15_000
    await pass()
    expect(outcomes()).toContain('mpe:applied')
    expect(outcomes()).toContain('denied:applied')
  })

  it('does not count what waits for manual review', async () => {
    decideBy()
    await pass()
    decideBy({ maxConnections: 1 })
    world.live = [connection('another'), ...world.live]
    await pass()
    expect(outcomes()).toContain('another:applied')
  })

  it('lets the next one in when a place is free again', async () => {
    decideBy({ maxConnections: 1 })
    world.live = [connection('old', { status: 'Approved' }), connection('new')]
    await pass()
    world.live = [connection('new')]
    await pass()
    expect(outcomes()).toEqual(['new:open', 'new:applying', 'new:applied'])
  })
})

describe('terms', () => {
  it('of the deciding rule stand in the log', async () => {
    decideBy({ approvalEndsAfter: 'P90D' })
    await pass()
    expect(world.log.at(-1)?.terms).toEqual({ ...plainTerms, approvalEndsAfter: 'P90D' })
  })

  it('of a rule that asks stand in the log', async () => {
    const terms = { reasonRequired: true, expiresAfter: 'P3D', atExpiry: 'reject' } as const
    decideBy({ effect: 'ask', ...terms })
    await pass()
    expect(world.log.at(-1)).toMatchObject({ kind: 'escalated', terms: { ...plainTerms, ...terms } })
  })
})
