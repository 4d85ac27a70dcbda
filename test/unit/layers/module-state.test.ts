import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const variable = /^(?:export )?(?:let|var) (\w+)/gm
const collection = /^(?:export )?const (\w+)\b[^=]*= new (?:Weak)?(?:Map|Set)\b/gm

/** The variables of a module, and its collections that it changes. */
function keptBy(source: string): string[] {
  const names = (pattern: RegExp) => [...source.matchAll(pattern)].map(([, name]) => name ?? '')
  const isChanged = (name: string) => new RegExp(`\\b${name}\\.(?:set|add|delete|clear)\\(`).test(source)
  return [...names(variable), ...names(collection).filter(isChanged)]
}

it('a process of the app keeps nothing beside the app that it started: functions share no memory', () => {
  const files = globSync('{functions,shared}/**/*.ts', { cwd: root })
  const kept = files.flatMap((file) =>
    keptBy(readFileSync(join(root, file), 'utf8')).map((name) => `${file}: ${name}`),
  )
  expect(files.length).toBeGreaterThan(100)
  // The last two are derived from their keys: a character, and the set of rules.
  expect(kept.toSorted()).toEqual([
    'shared/app.ts: started',
    'shared/domain/fold-case.ts: known',
    'shared/review/current-rules.ts: prepared',
  ])
})
