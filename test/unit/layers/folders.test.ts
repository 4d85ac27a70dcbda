import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8')

/** How many names a folder has at most, to be in the map; all of the product are. */
const depths: Readonly<Record<string, number>> = { shared: 9, cli: 9, functions: 9, build: 9 }
const usualDepth = 2

/** The folders of the map, each by its path. */
function foldersOfMap(): readonly string[] {
  const [, map = ''] = /<!-- folders:begin -->\n```\n([\s\S]*?)```\n<!-- folders:end -->/.exec(page) ?? []
  const above: string[] = []
  return map
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, indent = '', name = line] = /^( *)([^ /]+)\//.exec(line) ?? []
      above.splice(indent.length / 2, above.length, name)
      return above.join('/')
    })
}

/** The folders that hold files of the project, and those above them. */
function foldersOfProject(): readonly string[] {
  const folders = new Set<string>()
  for (const file of globSync('{bench,build,cli,docs,functions,local,scripts,shared,templates,test}/**/*.*', {
    cwd: root,
  })) {
    for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) folders.add(folder)
  }
  return [...folders].filter((folder) => {
    const names = folder.split('/')
    return names.length <= (depths[names[0] ?? ''] ?? usualDepth)
  })
}

it('the map of folders has every folder, and each once', () => {
  expect([...foldersOfMap()].toSorted()).toEqual(foldersOfProject().toSorted())
})

it('the map has every folder at the top of the project that holds code', () => {
  const tops = globSync('*/**/*.ts', { cwd: root, exclude: ['node_modules', 'dist'] })
  const missing = new Set(tops.map((file) => file.split('/')[0] ?? ''))
  for (const folder of foldersOfMap()) missing.delete(folder)
  expect([...missing].filter((name) => !['node_modules', 'dist'].includes(name))).toEqual([])
})
