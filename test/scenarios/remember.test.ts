import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { groups } from '../../local/azure/identity/people/directory.ts'
import { foreignEndpoint } from '../../local/tour/places.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { hasChromium, pageOf, picture, standing, startChromium, submit } from '../support/chromium.ts'
import { askAsOwnTeam, logOf, openedRequest, ownEndpoint, statusOn } from '../support/lake-requests.ts'
import { type RunningStack, runStack, until } from '../support/running-stack.ts'

let running: RunningStack
let browser: Browser

const opened = (name: string, who?: 'own team') => openedRequest(running, name, who)
const reason = (page: Page) => page.getByRole('textbox', { name: 'Reason' })
const statusOf = (target: string) => statusOn(running, target)
const open = (person: string, path: string) => pageOf(browser, running.stack, person, path)
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const wordsOf = async (page: Page | Promise<Page>) =>
  (await (await page).textContent('main'))?.replaceAll(/\s+/g, ' ')
const choices = async (target: string) =>
  (await logOf(running, target)).filter(({ kind }) => kind === 'chosen')

/** A rule that asks people about a lake that does not exist yet. */
async function asking(name: string, terms: Record<string, unknown>): Promise<void> {
  await running.allowList.upsertEntity({
    ...{
      partitionKey: 'rule',
      rowKey: `ask-${name}`,
      effect: 'ask',
      target: `${running.places.lake}${name}`,
    },
    ...terms,
  })
}

/** Presses Tab until a button has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    if ((await page.evaluate('document.activeElement.textContent.trim()')) === name) return
  }
  throw new Error(`Tab does not lead to ${name}.`)
}

describe.skipIf(!hasChromium)('people decide in a browser', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    running = await runStack(inject('appFolder'), { TIME_ZONE: 'Europe/Berlin' })
    browser = await startChromium()
    const byTwo = { approvers: groups.dataApprovers, requiredApprovals: 2 }
    await asking('two', byTwo)
    await asking('team', { approvers: groups.dataApprovers })
    await asking('why', { reasonRequired: true })
  }, 150_000)
  afterAll(async () => {
    await browser.close()
    await running.stop()
  })

  it('approve and remember: the same request comes again, and the rule that was shown approves it', async () => {
    const { target, path } = await opened('again', 'own team')
    const page = await open('rita', path)
    await reason(page).fill('Supplier of 2026.\nAgreed with Kim.')
    await submit(button(page, 'Approve and remember…'))
    await page.getByLabel('Days until the rule ends').fill('30')
    await page.keyboard.press('Enter')
    const end = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    await page.getByText(`until ${end} 00:00 UTC`).waitFor()
    expect(await reason(page).inputValue()).toBe('Supplier of 2026.\nAgreed with Kim.')
    await picture(page, 'remember-preview')
    expect(await statusOf(target)).toBe('Pending')
    await submit(button(page, 'Approve and write this rule'))
    expect(await standing(page)).toBe('Approved')
    expect(await wordsOf(page)).toMatch(/Rule remembered-stlaketestagain-\w+\.1 v1 was written/)
    await picture(page, 'remember-approved')
    expect(await statusOf(target)).toBe('Approved')

    await running.clients.arm('DELETE', ownEndpoint('pe-again'), '2025-05-01')
    await askAsOwnTeam(running, target, 'pe-again')
    const isByRule = ({ decidedBy, state }: LogEntry) =>
      state === 'applied' && decidedBy?.ruleId.startsWith('remembered-') === true
    await until(
      60,
      () => logOf(running, target),
      (entries) => entries.some(isByRule),
    )
  })

  it('another endpoint that stands there since the page was shown is shown, and nothing is decided', async () => {
    const { target, path, connectionId } = await opened('changed')
    const page = await open('ann', path)
    await reason(page).fill('As agreed.')
    const swap = { connectionId, endpointId: foreignEndpoint('pe-other'), afterReads: 0 }
    await running.control('POST', 'connections/swap', swap)
    await submit(button(page, 'Approve'))
    await page.waitForURL(`**${path}`)
    await until(
      30,
      () => wordsOf(page.reload().then(() => page)),
      (words = '') => words.includes('It ended, and the connection was requested again since.'),
    )
    await picture(page, 'decide-changed')
    expect(await statusOf(target)).toBe('Pending')
  })

  it('two people of a group are required: the first one counts once, and the second one completes it', async () => {
    const { target, path } = await opened('two')
    const [ann, again] = [await open('ann', path), await open('ann', path)]
    await submit(button(ann, 'Approve'))
    expect(await wordsOf(ann)).toContain('1 of 2 approvals. Approved by Ann Approver.')
    expect(await button(ann, 'Approve').count()).toBe(0)
    await picture(ann, 'decide-one-of-two')
    await submit(button(again, 'Approve'))
    expect(await wordsOf(again)).toContain('You have approved this request already.')
    expect(await statusOf(target)).toBe('Pending')
    const ben = await open('ben', path)
    await submit(button(ben, 'Approve'))
    expect(await standing(ben)).toBe('Approved')
    expect(await wordsOf(ben)).toContain('Approved by Ann Approver and Ben Approver.')
    expect(await statusOf(target)).toBe('Approved')
    expect(await choices(target)).toHaveLength(2)
  })

  it.each([
    ['carla', 'an approver of another team', 'The rule names other approvers.'],
    ['ron', 'a reader', 'Your role shows requests and does not decide them.'],
  ])('%s, %s, sees no button, and why', async (person, _who, why) => {
    const { path } = await opened('team')
    const page = await open(person, path)
    expect(await page.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0)
    expect(await wordsOf(page)).toContain(why)
    await picture(page, `decide-not-allowed-${person}`)
  })

  it('a reason that the rule requires is asked for, also where the browser does not', async () => {
    const { target, path } = await opened('why')
    const page = await open('ann', path)
    await button(page, 'Approve').click()
    expect(await page.locator('textarea:invalid').count()).toBe(1)
    await page.evaluate("document.querySelector('textarea').required = false")
    await submit(button(page, 'Approve'))
    expect(await wordsOf(page)).toContain('Nothing was decided: the reason is missing')
    expect(await statusOf(target)).toBe('Pending')
    await reason(page).fill('Known.')
    await submit(button(page, 'Approve'))
    expect(await standing(page)).toBe('Approved')
  })

  it('a double click decides once, and the page says what was decided', async () => {
    const { target, path } = await opened('double')
    const page = await open('ann', path)
    await button(page, 'Approve').dblclick()
    // Either click may lead to the page that stays.
    await page.locator('.standing h2', { hasText: 'Approved' }).waitFor()
    expect([await statusOf(target), (await choices(target)).length]).toEqual(['Approved', 1])
  })

  it('the Back button after a decision leads to what was decided, and decides nothing again', async () => {
    const { target, path } = await opened('back')
    const page = await open('ann', path)
    await submit(button(page, 'Reject'))
    await page.goto(`${running.stack.functionsApp().origin}/account`)
    await page.goBack()
    expect(await standing(page)).toBe('Rejected')
    await page.goBack()
    await page.reload()
    expect((await choices(target)).length).toBe(1)
  })

  it('a preview that is loaded again, or left by Back, decides nothing', async () => {
    const { target, path } = await opened('preview', 'own team')
    const page = await open('rita', path)
    await reason(page).fill('Once more.')
    await submit(button(page, 'Approve and remember…'))
    await page.reload()
    expect(await wordsOf(page)).toContain('Nothing is decided yet')
    await submit(button(page, 'Back'))
    expect(await reason(page).inputValue()).toBe('Once more.')
    expect(await choices(target)).toEqual([])
    expect(await statusOf(target)).toBe('Pending')
  })

  it.each([
    ['Approve', 'Enter', 'Approved'],
    ['Reject', 'Space', 'Rejected'],
  ])('by the keyboard alone: %s, by %s', async (name, key, expected) => {
    const { path } = await opened(`keys${name.toLowerCase()}`)
    const page = await open('ann', path)
    await tabTo(page, name)
    await page.keyboard.press(key)
    await page.waitForURL(`**${path}`)
    await until(
      20,
      () => standing(page),
      (label) => label === expected,
    )
  })
})
