import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  hasChromium,
  pageOf,
  picture,
  signInAs,
  standing,
  startChromium,
  submit,
} from '../support/chromium.ts'
import { run } from '../support/command-line.ts'
import { logOf, openedRequest, statusOn } from '../support/lake-requests.ts'
import { type RunningStack, runStack } from '../support/running-stack.ts'

let running: RunningStack
let browser: Browser

const opened = (name: string) => openedRequest(running, name)
const statusOf = (target: string) => statusOn(running, target)

describe.skipIf(!hasChromium)('a person decides in a browser', { timeout: 90_000 }, () => {
  beforeAll(async () => {
    running = await runStack(inject('appFolder'), { TIME_ZONE: 'Europe/Berlin' })
    browser = await startChromium()
  }, 150_000)
  afterAll(async () => {
    await browser.close()
    await running.stop()
  })

  it('approves: the page and the target say so', async () => {
    const { target, path } = await opened('yes')
    const page = await pageOf(browser, running.stack, 'ann', path)
    await page.getByLabel('Reason').fill('Known supplier, ticket 4711.')
    await picture(page, 'decide-before')
    await submit(page.getByRole('button', { name: 'Approve' }))
    expect(await standing(page)).toBe('Approved')
    await picture(page, 'decide-approved')
    expect(await page.textContent('main')).toContain('(“Known supplier, ticket 4711.”)')
    expect(await statusOf(target)).toBe('Approved')
    expect((await logOf(running, target)).at(-1)?.actor).toMatchObject({ kind: 'person' })
  })

  it('rejects', async () => {
    const { target, path } = await opened('no')
    const page = await pageOf(browser, running.stack, 'ann', path)
    await submit(page.getByRole('button', { name: 'Reject' }))
    expect(await standing(page)).toBe('Rejected')
    expect(await statusOf(target)).toBe('Rejected')
  })

  it('who comes second reads who was first, and changes nothing', async () => {
    const { target, path } = await opened('race')
    const first = await pageOf(browser, running.stack, 'ann', path)
    const second = await pageOf(browser, running.stack, 'ben', path)
    await submit(first.getByRole('button', { name: 'Reject' }))
    await second.getByLabel('Reason').fill('Fine with me.')
    await submit(second.getByRole('button', { name: 'Approve' }))
    expect(await second.textContent('[role=alert]')).toMatch(/Your decision was not taken.*Rejected by Ann/s)
    await picture(second, 'decide-second')
    expect(await statusOf(target)).toBe('Rejected')
  })

  it('loses nothing that was typed when the session ends in between', async () => {
    const { target, path } = await opened('typed')
    const page = await pageOf(browser, running.stack, 'ann', path)
    await page.getByLabel('Reason').fill('Long thoughts <b>&amp;</b> “words”.')
    const place = ['--storage', running.stack.storage]
    expect((await run(['sessions', 'revoke', '--all', '--yes', ...place])).code).toBe(0)
    await submit(page.getByRole('button', { name: 'Approve' }))
    expect(await page.textContent('main')).toContain('Nothing was decided.')
    await picture(page, 'decide-session-ended')
    await signInAs(page, 'ann')
    expect(await page.getByLabel('Reason').inputValue()).toBe('Long thoughts <b>&amp;</b> “words”.')
    expect(await statusOf(target)).toBe('Pending')
    await submit(page.getByRole('button', { name: 'Approve' }))
    expect(await statusOf(target)).toBe('Approved')
    await page.reload()
    expect(await page.getByRole('textbox', { name: 'Reason' }).count()).toBe(0)
  })

  it('shows a reader no buttons, and why', async () => {
    const { path } = await opened('reader')
    const page = await pageOf(browser, running.stack, 'ron', path)
    expect(await page.getByRole('button', { name: /Approve|Reject/ }).count()).toBe(0)
    expect(await page.textContent('main')).toContain('Your role shows requests and does not decide them.')
  })
})
