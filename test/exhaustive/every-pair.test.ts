import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Request } from '../../shared/domain/request.ts'
import { changeOf, episodeOf } from '../../shared/request/entry.ts'
import { life, next } from '../../shared/request/life.ts'
import type { Moment, Step } from '../../shared/request/step.ts'
import { rowName } from '../../shared/request/table.ts'
import { everyEvent, everyRecord, everyTimeOf } from '../support/life/every.ts'
import { broken, lawsOfChanges, lawsOfSteps } from '../support/life/laws.ts'

/** The entry before, as far as the next one carries it over: its outcome is that of the decision in force. */
function lastEntryOf({ state, decisionId, attempts }: Request): LogEntry {
  const inForce = attempts.find((attempt) => attempt.decisionId === decisionId)?.outcome ?? 'escalate'
  const outcome = state.name === 'applying' ? state.outcome : inForce
  return { outcome, audited: [], evaluatedRules: [] } as unknown as LogEntry
}

function changeIn(before: Request | undefined, { at }: Moment, { draft }: Step) {
  if (!draft) return undefined
  const subject = { kind: 'connection', connectionId: 'c', targetId: 't', endpointId: undefined } as const
  const entryId = `c0ffee00c0ffee00c0ff.${episodeOf(before)}.8`
  return changeOf(before && { request: before, lastEntry: lastEntryOf(before) }, draft, {
    subject,
    at,
    correlationId: undefined,
    entryId,
    expiresAfter: 'P14D',
  })
}

describe('every record, with every event, at every time', () => {
  const used = new Set<string>()
  let pairs = 0

  it('keeps the laws', () => {
    const problems = new Map<string, string>()
    const events = everyEvent()
    for (const before of everyRecord()) {
      for (const [event, moment] of everyTimeOf(events, before)) {
        pairs += 1
        const step = next(before, event, moment)
        used.add(step.row)
        const change = changeIn(before, moment, step)
        const sentences = [
          ...broken(lawsOfSteps, { before, event, moment, step, change }),
          ...(change ? broken(lawsOfChanges, { before, change }) : []),
        ]
        for (const sentence of sentences)
          problems.set(
            sentence,
            JSON.stringify({
              row: step.row,
              state: before?.state,
              hold: before?.hold,
              refused: before?.refused,
              choices: before?.choices,
              attempts: before?.attempts,
              event,
              isFollowed: moment.isFollowed,
              effect: step.effect,
              change: change?.request,
            }),
          )
      }
    }
    expect(Object.fromEntries(problems)).toEqual({})
    expect(pairs).toBeGreaterThan(1_000_000)
  })

  it('uses each row of the table, so that none stands there for nothing', () => {
    expect(life.map(rowName).filter((name) => !used.has(name))).toEqual([])
  })
})
