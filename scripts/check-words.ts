// Replaced words in names, codes, keys, settings and file names. The list: scripts/words/replaced-words.ts.
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findWords, withExceptions } from './words/find-words.ts'
import { exceptions, replacedWords } from './words/replaced-words.ts'

const root = join(import.meta.dirname, '..')
const folders = ['bench', 'cli', 'docs', 'functions', 'local', 'scripts', 'shared', 'templates', 'test']
/** Decisions are history: their files keep the names under which they were written. */
const history = ['docs/decisions/']

process.exitCode = check()

function check(): number {
  const files = [...folders.map((folder) => `${folder}/**/*`), '*']
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file !== 'package-lock.json' && !history.some((path) => file.startsWith(path)))
    .filter((file) => statSync(join(root, file)).isFile())
  const findings = files.flatMap((file) =>
    findWords(file, readFileSync(join(root, file), 'utf8'), replacedWords),
  )
  const { left, unused } = withExceptions(findings, exceptions)
  for (const { file, line, kind, name, say } of left) {
    console.error(`${file}${line === 0 ? '' : `:${line}`}: ${kind} "${name}": say ${say} instead.`)
  }
  for (const { path, name } of unused) {
    console.error(`The exception for ${[name, path].filter(Boolean).join(' in ')} is needed by nothing.`)
  }
  if (left.length > 0 || unused.length > 0) return 1
  console.log(`${files.length} files: no replaced word in a name.`)
  return 0
}
