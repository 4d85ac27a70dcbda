import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = ['*.md', 'docs/**/*.md', 'test/**/*.md'].flatMap((pattern) => globSync(pattern, { cwd: root }))

/** As GitHub makes them: lower case, spaces to hyphens, other signs left out. */
function anchorsOf(page: string): readonly string[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/```[\s\S]*?```/g, '')
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

interface Link {
  readonly page: string
  readonly to: string
}

const links: readonly Link[] = pages.flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, to = '']) => ({ page, to }))
    .filter(({ to }) => !/^[a-z]+:/.test(to)),
)

describe('the pages', () => {
  it('are there, and have links to each other', () => {
    expect(pages.length).toBeGreaterThan(20)
    expect(links.length).toBeGreaterThan(50)
  })

  it('link to files that exist, and to headings that these have', () => {
    const dead = links.filter(({ page, to }) => {
      const [path = '', anchor] = to.split('#')
      const file = path === '' ? page : normalize(join(dirname(page), path))
      if (!existsSync(join(root, file))) return true
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(file).includes(anchor)
    })
    expect(dead).toEqual([])
  })
})
