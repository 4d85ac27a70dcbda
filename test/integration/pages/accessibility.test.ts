import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type axe from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyPage, servePages } from './served.ts'

const browserPath = '/usr/bin/chromium'
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** What the run saw, to look at. */
const folder = join(import.meta.dirname, '../../../dist/screenshots')
const widths = [320, 768, 1280] as const
const schemes = ['light', 'dark'] as const
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let browser: Browser
let page: Page
let served: Awaited<ReturnType<typeof servePages>>

describe.skipIf(!existsSync(browserPath))('in Chromium, in light and dark, at 320, 768 and 1280 px', () => {
  beforeAll(async () => {
    await mkdir(folder, { recursive: true })
    served = await servePages()
    browser = await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
    // The pages forbid scripts; the checker is one.
    page = await (await browser.newContext({ bypassCSP: true })).newPage()
  })
  afterAll(async () => {
    await browser.close()
    served.stop()
  })

  it.each(Object.keys(everyPage))(
    'axe finds nothing at WCAG 2.2 AA, and nothing is wider than the window: %s',
    async (name) => {
      await page.goto(`${served.origin}/${encodeURIComponent(name)}`)
      await page.addScriptTag({ content: axeSource })
      const found: unknown[] = []
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme })
          await page.screenshot({
            path: join(folder, `${name}-${width}-${colorScheme}.png`.replaceAll(/[ ,]+/g, '-')),
            fullPage: true,
          })
          found.push(...(await violations(colorScheme)))
        }
      }
      expect(found).toEqual([])
    },
  )

  it('has a check that finds something', async () => {
    await page.setContent('<html><body><img src="x"><p style="color:#999">pale</p></body></html>')
    await page.addScriptTag({ content: axeSource })
    expect((await violations()).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['image-alt', 'html-has-lang', 'color-contrast']),
    )
  })

  it('the skip link, and then every link, is reached by the keyboard and shows that it is', async () => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.goto(`${served.origin}/${encodeURIComponent('request, waiting')}`)
    const seen: string[] = []
    for (let index = 0; index < 40; index += 1) {
      await page.keyboard.press('Tab')
      const [name, outline] = await page.evaluate<[string, string]>(
        '[(document.activeElement.textContent.trim() || document.activeElement.id).slice(0, 40), getComputedStyle(document.activeElement).outlineStyle]',
      )
      if (seen.length > 0 && name.startsWith('Skip to content')) break
      expect(outline, name).toBe('solid')
      seen.push(name)
    }
    expect(seen[0]).toBe('Skip to content')
    expect(seen).toEqual(expect.arrayContaining(['why', 'Approve', 'Reject', 'Decide in Azure instead']))
  })
})

/** In the dark, only what depends on colours can be otherwise. */
async function violations(
  scheme: (typeof schemes)[number] = 'light',
): Promise<readonly { rule: string; where: string[] }[]> {
  const only = scheme === 'light' ? tags : { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
  const options = { runOnly: only, resultTypes: ['violations'] }
  const run = `axe.run(document, ${JSON.stringify(options)})`
  const results = await page.evaluate<axe.AxeResults>(run)
  return results.violations.map(({ id, nodes }) => ({ rule: id, where: nodes.map(({ html }) => html) }))
}
