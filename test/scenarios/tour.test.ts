import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { endTable } from '../../local/tour/table.ts'
import { playTour } from '../../local/tour/tour.ts'
import { type RunningStack, runStack } from '../support/running-stack.ts'

let running: RunningStack

beforeAll(async () => {
  running = await runStack(inject('appFolder'))
})
afterAll(() => running.stop())

it('the tour: every request ends as it should', async () => {
  const all = await playTour(running.stack, { step: () => undefined, ended: () => undefined })
  expect(all.filter(({ problem }) => problem !== '').map(({ problem }) => problem)).toEqual([])
  const endings = all.map(({ request }) => request.ending)
  expect(endings.filter((ending) => ending === 'approved').length).toBeGreaterThanOrEqual(17)
  expect(endings).toContain('manual review')
  expect(endings).toContain('rejected')
  for (const line of endTable(all, 100).split('\n')) expect(line.length).toBeLessThanOrEqual(100)
}, 120_000)
