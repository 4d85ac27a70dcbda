import { describe, expect, it } from 'vitest'
import { findWords, withExceptions, wordsOf } from '../../../scripts/words/find-words.ts'
import { replacedWords } from '../../../scripts/words/replaced-words.ts'

const find = (file: string, text: string) =>
  findWords(file, text, replacedWords).map(({ line, kind, name, say }) => ({ line, kind, name, say }))

describe('a replaced word', () => {
  it.each([
    ['identifier', 'a.ts', 'const x = 1\nconst floodWindow = x\n', 2, 'floodWindow', 'burst'],
    ['identifier', 'a.ts', 'class A { readonly isJudged = 1 }', 1, 'isJudged', 'evaluate'],
    ['identifier', 'a.mjs', 'x.keptBack()', 1, 'keptBack', 'hold'],
    ['identifier', 'a.ts', 'const mostTries = 3', 1, 'mostTries', 'max'],
    ['code', 'a.ts', "const code = 'rival-unexplained'", 1, 'rival-unexplained', 'competing claim'],
    ['code', 'a.ts', "type Code = 'answer-not-understood'", 1, 'answer-not-understood', 'response'],
    ['key', 'a.ts', "const facts = { 'told-by': 1 }", 1, 'told-by', 'disclose'],
    ['key', 'a.json', '{\n  "value": {\n    "surroundings": 1 } }', 3, 'surroundings', 'context'],
    ['key', 'a.yaml', 'cases:\n  - wanted: reject', 2, 'wanted', 'expected'],
    ['code', 'a.yml', 'cases:\n  - reason: flood', 2, 'flood', 'burst'],
    ['setting', 'a.ts', 'process.env.FLOOD_WINDOW_MINUTES', 1, 'FLOOD_WINDOW_MINUTES', 'burst'],
    ['setting', 'a.json', '{ "FLOOD_WINDOW_MINUTES": "10" }', 1, 'FLOOD_WINDOW_MINUTES', 'burst'],
    ['code', 'a.ts', 'const code = `flood-${x}`', 1, 'flood-${…}', 'burst'],
    ['code', 'a.ts', 'const code = `${x}:rivals:${y}`', 1, '${…}:rivals:${…}', 'competing claim'],
    ['code', 'a.ts', 'type Code = `${string}-judged`', 1, '${…}-judged', 'evaluate'],
    ['identifier', 'a.ts', '`A sentence of ${flood2}.`', 1, 'flood2', 'burst'],
    ['code', 'a.ts', "const name = 'st2flood'", 1, 'st2flood', 'burst'],
    ['identifier', 'a.ts', 'x.lettingGo()', 1, 'lettingGo', 'release'],
    ['identifier', 'a.ts', 'const unanswered = []', 1, 'unanswered', 'response'],
    ['file', 'shared/review/look-again.ts', '', 0, 'look-again.ts', 'review pass'],
    ['file', 'test/flood/window.test.ts', '', 0, 'flood', 'burst'],
  ])('is found in a name: %s of %s', (kind, file, text, line, name, say) => {
    expect(find(file, text)).toEqual([{ line, kind, name, say: expect.stringContaining(say) as string }])
  })

  it.each([
    ['a comment', 'a.ts', '// A flood of requests.\nconst x = 1 /** judged by */'],
    ['a sentence', 'a.ts', "throw new Error('Nobody told the stranger.')"],
    ['a sentence with values', 'a.ts', 'throw new Error(`${name} told the stranger ${x}`)'],
    ['an address with values', 'a.ts', 'const address = `/answers/${id}`'],
    ['a page', 'docs/a.md', 'Who judges: `flood`.'],
    ['another word that begins alike', 'a.ts', 'const lookup = marker(mostly, atMost)'],
    ['the path of an import', 'a.ts', "import { x } from './y'"],
    ['a sentence of a rule file', 'a.yaml', 'description: told by the owner'],
  ])('is free in %s', (_, file, text) => {
    expect(find(file, text)).toEqual([])
  })
})

describe('an exception', () => {
  const findings = findWords('test/a.ts', 'const [flood, rival] = x', replacedWords)

  it.each([
    [{ path: 'test/', reason: '' }, []],
    [{ name: 'flood', reason: '' }, ['rival']],
    [{ path: 'test/', name: 'rival', reason: '' }, ['flood']],
  ])('covers what it names: %j', (exception, left) => {
    const result = withExceptions(findings, [exception])
    expect(result.left.map(({ name }) => name)).toEqual(left)
    expect(result.unused).toEqual([])
  })

  it('that covers nothing is named', () => {
    const unused = [{ path: 'cli/', name: 'flood', reason: '' }]
    expect(withExceptions(findings, unused)).toEqual({ left: findings, unused })
  })
})

it.each([
  ['keptBackBy', ['kept', 'back', 'by']],
  ['KEPT_BACK-by', ['kept', 'back', 'by']],
  ['readARMAnswer2', ['read', 'arm', 'answer', '2']],
  ['a1b22c', ['a', '1', 'b', '22', 'c']],
  ['flood-${…}', ['flood']],
])('%s is words', (name, words) => {
  expect(wordsOf(name)).toEqual(words)
})
