import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { askAsUnknown, askAsWorkspace } from '../../local/tour/requests.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { hasChromium, pageOf, picture, startChromium, submit } from '../support/chromium.ts'
import { askForLake, createLake, createSalesFactory, logOf, statusesOn } from '../support/lake-requests.ts'
import { type RunningStack, runStack, until } from '../support/running-stack.ts'
import { untilRulesAreKnown } from '../../local/tour/known-rules.ts'

let running: RunningStack
let browser: Browser

/** As many requests to a lake of its own, beyond the burst limit of two; the id of the burst case. */
async function burst(name: string, count: number): Promise<{ target: string; path: string }> {
  const target = `${running.places.lake}${name}`
  await createLake(running, target)
  for (let index = 0; index < count + 2; index += 1)
    await askAsUnknown(running.clients, {
      ...{ name: `pe-${name}-${index}`, target, groupId: 'blob', message: 'Please.' },
    })
  const entries = await until(
    90,
    () => logOf(running, target),
    (found) => found.filter(({ caseId }) => caseId !== undefined).length >= count,
  )
  const caseId = entries.find((entry) => entry.caseId !== undefined)?.caseId ?? ''
  return { target, path: `/cases/${caseId}` }
}

/** How many connections of a target have each status. */
async function statusesOf(target: string): Promise<Record<string, number>> {
  const byStatus = Map.groupBy(await statusesOn(running, target), (status) => status)
  return Object.fromEntries([...byStatus].map(([status, { length }]) => [status, length]))
}

const heading = (page: Page) => page.locator('h1').textContent()

describe.skipIf(!hasChromium)('a person decides a case in a browser', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    running = await runStack(inject('appFolder'), { BURST_LIMIT_PER_TARGET: '2' })
    await createSalesFactory(running)
    browser = await startChromium()
  }, 150_000)
  afterAll(async () => {
    await browser.close()
    await running.stop()
  })

  it('some of a burst case, and then all that are left', async () => {
    const { target, path } = await burst('some', 5)
    const page = await pageOf(browser, running.stack, 'ann', path)
    expect(await heading(page)).toBe('Burst case: 5 requests')
    for (const box of (await page.getByRole('checkbox').all()).slice(0, 2)) await box.check()
    await page.getByLabel('Reason').fill('Known supplier.')
    await picture(page, 'case-some-before')
    await submit(page.getByRole('button', { name: 'Approve chosen' }))
    expect(page.url()).toContain(path)
    expect(await heading(page)).toBe('Burst case: 3 requests')
    expect(await page.textContent('main')).toMatch(
      /Ann Approver decided to approve 2 requests.*2 of 2 are decided/s,
    )
    await picture(page, 'case-some-after')
    expect(await statusesOf(target)).toEqual({ Approved: 2, Pending: 5 })

    await submit(page.getByRole('button', { name: 'Reject all 3 that wait' }))
    expect(await heading(page)).toMatch(/all decided$/)
    await picture(page, 'case-all-after')
    expect(await statusesOf(target)).toEqual({ Approved: 2, Rejected: 3, Pending: 2 })
    const last = (await logOf(running, target)).filter(({ state }) => state === 'applied')
    expect(new Set(last.map(({ actor }) => actor.kind))).toEqual(new Set(['person']))
  })

  it('all of it, after a list of what will be approved', async () => {
    const { target, path } = await burst('all', 3)
    const page = await pageOf(browser, running.stack, 'ann', path)
    await submit(page.getByRole('button', { name: 'Review and approve 3' }))
    expect(await heading(page)).toBe('Approve 3 requests?')
    expect(await statusesOf(target)).toEqual({ Pending: 5 })
    await picture(page, 'case-confirm')
    await submit(page.getByRole('button', { name: 'Approve these 3' }))
    expect(await statusesOf(target)).toEqual({ Approved: 3, Pending: 2 })
  })

  it('and who comes second reads per request who was first', async () => {
    const { target, path } = await burst('race', 2)
    const [first, second] = await Promise.all(
      ['ann', 'ben'].map((person) => pageOf(browser, running.stack, person, path)),
    )
    if (!first || !second) throw new Error('There is no page.')
    await first.getByRole('checkbox').first().check()
    await submit(first.getByRole('button', { name: 'Reject chosen' }))
    for (const box of await second.getByRole('checkbox').all()) await box.check()
    await submit(second.getByRole('button', { name: 'Approve chosen' }))
    expect(await second.textContent('main')).toMatch(
      /Ben Approver decided to approve 2 requests.*1 of 2 are decided; 1 is not.*Rejected by Ann Approver/s,
    )
    await picture(second, 'case-second')
    expect(await statusesOf(target)).toEqual({ Approved: 1, Rejected: 1, Pending: 2 })
  })

  it('nothing is decided when nothing was chosen, and what was typed is still there', async () => {
    const { path } = await burst('none', 2)
    const page = await pageOf(browser, running.stack, 'ann', path)
    await page.getByLabel('Reason').fill('A <b>reason</b>.')
    await submit(page.getByRole('button', { name: 'Approve chosen' }))
    expect(await page.textContent('[role=alert]')).toContain('nothing was chosen')
    expect(await page.getByLabel('Reason').inputValue()).toBe('A <b>reason</b>.')
    await picture(page, 'case-nothing-chosen')
  })

  it('which of two connections that claim one name: the other is rejected', async () => {
    const { clients, places } = running
    const target = `${places.lake}which`
    await createLake(running, target)
    await running.allowList.createEntity({
      ...{ partitionKey: 'rule', rowKey: 'sales-which', version: 1, effect: 'allow' },
      ...{ target, requester: places.salesFactory },
    })
    await untilRulesAreKnown(running)
    await clients.foreignArm('PUT', places.competitor, '2021-06-01', {
      location: 'westeurope',
      properties: {},
    })
    await askAsWorkspace(clients, {
      ...{ workspace: places.competitor, name: 'mpe-one', target, groupId: 'blob' },
      ...{ ending: 'manual review', as: 'unknown' },
    })
    await askForLake(running, target, 'mpe-one')
    const isClaim = ({ proof }: LogEntry) =>
      (proof?.refusals ?? []).some(({ code }) => code === 'competing-claim')
    const entries = await until(
      90,
      () => logOf(running, target),
      (found) => found.some(isClaim),
    )
    const ours = entries.find(isClaim)
    const first = await pageOf(browser, running.stack, 'ann', `/requests/${ours?.decisionId ?? ''}`)
    await first.waitForURL(/\/requests\//)
    // The case is found from the page of a request, once people were notified of it.
    await until(
      60,
      async () => {
        await first.reload()
        return first.getByRole('link', { name: 'All requests of this case' }).count()
      },
      (count) => count === 1,
    )
    await first.getByRole('link', { name: 'All requests of this case' }).click()
    expect(await heading(first)).toBe('Competing claims: 2 requests')
    await first.getByRole('radio').first().check()
    await picture(first, 'case-which-before')
    await submit(first.getByRole('button', { name: 'Decide', exact: true }))
    expect(await first.textContent('main')).toMatch(/2 of 2 are decided/)
    await picture(first, 'case-which-after')
    expect(
      await until(
        20,
        () => statusesOf(target),
        (counts) => counts['Pending'] === undefined,
      ),
    ).toEqual({
      Approved: 1,
      Rejected: 1,
    })
  })

  it('shows a reader no form, and takes none from nobody', async () => {
    const { target, path } = await burst('reader', 2)
    const page = await pageOf(browser, running.stack, 'ron', path)
    expect(await page.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0)
    expect(await page.textContent('main')).toContain('Your role shows requests and does not decide them.')
    const { origin } = running.stack.functionsApp()
    for (const headers of [{}, { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }, { origin }]) {
      const response = await fetch(`${origin}${path}/decision`, {
        ...{ method: 'POST', redirect: 'manual', headers },
        body: new URLSearchParams({ do: 'reject-all', shownAt: new Date().toISOString() }),
      })
      expect([401, 403]).toContain(response.status)
    }
    expect(await statusesOf(target)).toEqual({ Pending: 4 })
  })
})
