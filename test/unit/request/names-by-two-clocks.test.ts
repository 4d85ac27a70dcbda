import { expect, it } from 'vitest'
import { questionAbout, unnamedAt } from '../../../shared/request/said.ts'
import type { TargetProblem } from '../../../shared/request/step.ts'
import { ago, said } from './given.ts'

const notifiedAt = ago(3600)

/** A connection that a host saw first so many seconds after the notification, by its own clock. */
function problemSince(afterSeconds: number): TargetProblem {
  const connections = [{ name: 'c-new', since: Date.parse(notifiedAt) + afterSeconds * 1000 }]
  return { kind: 'azure-fails', question: 'list 503', sentence: 'The list is down.', connections }
}

it.each([
  ['is named', 1, true],
  ['is named where both times are the same', 0, true],
  ['is named where the clock of that host is slow', -4, true],
  ['counts as named where it was seen well before', -6, false],
])('a connection that another host has seen since the notification %s', (_, afterSeconds, isNamed) => {
  const problem = problemSince(afterSeconds)
  const notified = said(questionAbout(problem), { at: notifiedAt })
  expect(unnamedAt(problem, notified).map(({ name }) => name)).toEqual(isNamed ? ['c-new'] : [])
})
