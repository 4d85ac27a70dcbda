import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Browser, chromium, type Locator, type Page } from 'playwright-core'
import type { Stack } from '../../local/stack.ts'

const browserPath = '/usr/bin/chromium'
/** What runs saw, to look at. */
const folder = join(import.meta.dirname, '../../dist/screenshots')

export const hasChromium = existsSync(browserPath)

/** A real browser. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
}

/** The browser of a person who follows a link, and signs in on the way. */
export async function pageOf(
  browser: Browser,
  stack: Pick<Stack, 'functionsApp'>,
  person: string,
  path: string,
): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  await page.goto(`${stack.functionsApp().origin}${path}`)
  await signInAs(page, person)
  return page
}

/** From a page that asks for it, to the page that was asked for. */
export async function signInAs(page: Page, person: string): Promise<void> {
  await submit(page.getByRole('link', { name: 'Sign in' }))
  const choice = page.locator(`button[name="person"][value="${person}"]`)
  if ((await choice.count()) > 0) await submit(choice)
}

/** Keeps what the page shows. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true })
}

/** Where a request stands, as the first thing on its page says. */
export function standing(page: Page): Promise<string | null> {
  return page.locator('.standing h2').first().textContent()
}

/** Clicks a button that sends a form, or a link, until the page that it leads to is there as a whole. */
export async function submit(button: Locator): Promise<void> {
  const page = button.page()
  await Promise.all([page.waitForEvent('framenavigated'), button.click()])
  await page.waitForLoadState()
}
