import { expect, it } from 'vitest'
import { Arena, connectionOf, endpointNamed, lake, type WireConnection } from './arena.ts'

/** In all of these the factory's own list lags: it goes on to show the name as Pending for the lake. */
export const name = 'adf-sales.mpe-blob'
export const good = endpointNamed(name)
export const elsewhere = good.replace('-1-rg', '-2-rg')
export const hour = 3_600_000
export const day = 24 * hour

/** The true connection, as long as it waits. */
export const trueOne = (more?: Record<string, unknown>) => connectionOf(lake, 'c-true', good, more)
/** The unknown requester's, whose endpoint has the same name. */
export const evilOne = (more?: Record<string, unknown>, endpointId = elsewhere) =>
  connectionOf(lake, 'c-evil', endpointId, more)
/** Its state, over the properties of a connection. */
export const inState = (status: string, description = '') => ({
  privateLinkServiceConnectionState: { status, description },
})

/** What happens in an attack. */
export interface Story {
  readonly arena: Arena
  /** What the lake lists from now on. */
  readonly shows: (...connections: WireConnection[]) => void
  /** A review pass, an hour after the one before. */
  readonly pass: (attempt?: number) => Promise<void>
  /** A person decides a connection in Azure. */
  readonly decidesByHand: (connection: string, status: string, description?: string) => void
  /** The rule of the sales factory gets a new version. */
  readonly newVersion: () => void
}

/** A story that begins with an arena of its own. */
export function begin(): Story {
  const arena = new Arena()
  const find = (called: string) =>
    (arena.connections.get(lake) ?? []).find(({ id }) => String(id).endsWith(`/${called}`))
  return {
    arena,
    shows: (...connections) => arena.connections.set(lake, connections),
    async pass(attempt) {
      await arena.pass(lake, attempt)
      arena.world.time += hour
    },
    decidesByHand(called, status, description = 'By hand.') {
      const found = find(called)
      if (!found) throw new Error(`${called} is not there.`)
      found.properties = { ...(found.properties as object), ...inState(status, description) }
    },
    newVersion() {
      arena.rules = arena.rules.map((rule) => ({ ...rule, version: rule.version + 1 }))
    },
  }
}

interface Attack {
  readonly title: string
  readonly play: (story: Story) => Promise<void>
  /** Whose approval it is about. Default: `c-evil`. */
  readonly who?: string
  readonly reason?: string
}

/** After the story two more passes: the one that it is about was not approved by the end, and a person was notified. */
export function stays({ title, play, who = 'c-evil', reason }: Attack): void {
  it(title, async () => {
    const story = begin()
    await play(story)
    const before = story.arena.approvals().filter((one) => one === who).length
    await story.pass()
    await story.pass()
    expect(story.arena.approvals().filter((one) => one === who)).toHaveLength(before)
    expect(story.arena.world.unfinished().map(({ request }) => request.state.name)).toContain('open')
    expect(story.arena.escalated()).toContain(who)
    if (reason !== undefined) expect(story.arena.reasonOf(who)).toBe(reason)
  })
}
