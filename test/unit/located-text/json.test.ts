import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJson } from '../../../shared/located-text/json.ts'
import { type FileNode, Misread } from '../../../shared/located-text/node.ts'

/** As `JSON.parse` would return it: the last of two values under one name counts. */
function plain(node: FileNode): unknown {
  if (node.kind === 'list') return node.items.map(plain)
  if (node.kind !== 'map') return node.value
  return Object.fromEntries(node.entries.map(({ name, value }) => [name, plain(value)]))
}

function read(text: string): FileNode | Misread {
  try {
    return readJson(text)
  } catch (error) {
    if (error instanceof Misread) return error
    throw error
  }
}

function problemOf(text: string): string {
  const found = read(text)
  return found instanceof Misread ? `${found.at} ${found.message}` : 'none'
}

describe('JSON', () => {
  it('is read with the place of each value and name', () => {
    expect(readJson(' {"a": [1, "x"],\n"b" : null}')).toEqual({
      kind: 'map',
      at: 1,
      entries: [
        {
          at: 2,
          name: 'a',
          value: {
            kind: 'list',
            at: 7,
            items: [
              { kind: 'other', at: 8, value: 1, source: '1' },
              { kind: 'text', at: 11, value: 'x' },
            ],
          },
        },
        { at: 17, name: 'b', value: { kind: 'other', at: 23, value: null, source: 'null' } },
      ],
    })
  })

  it('keeps a name that occurs twice, and __proto__ as a name', () => {
    const node = readJson('{"a":1,"__proto__":2,"a":3,"\\u0061":4}')
    expect(node.kind === 'map' && node.entries.map(({ name }) => name)).toEqual(['a', '__proto__', 'a', 'a'])
  })

  it.each(['-0', '1e400', '-1E-400', '0.1', '123456789012345678901234567890', '0', '-0.0e+0'])(
    'keeps how the number %s is written',
    (source) => {
      expect(readJson(` ${source} `)).toEqual({
        kind: 'other',
        at: 1,
        value: JSON.parse(source) as number,
        source,
      })
    },
  )

  it.each([
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\ud800"',
    '"\\uD83D\\uDE00"',
    '"\u2028\u007f"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
  ])('reads the text %j as JSON.parse does', (text) => {
    expect(readJson(text)).toEqual({ kind: 'text', at: 0, value: JSON.parse(text) as string })
  })

  it.each([
    ...['', ' \n', '\uFEFF{}', '\u00a0{}', '\f1', '["a\nb"]', '["a\tb"]', '["\u0000"]'],
    ...'//|{}//|/**/1|[1/**/]|#|{} {}|1 2|[] ]|[1,]|{"a":1,}|[,]|[,1]|[1,,2]|[1 2]|{,}|{"a" 1}'.split('|'),
    ...'{"a":}|{"a"}|{a:1}|{1:1}|[}|{]|[1}|{"a":1]|{"a":1|[1|[1,|{"a":|{"a":1,|[|{|]|}|:'.split('|'),
    ...`'a'|{'a':1}|"a""b"|"\\x"|"\\u12"|"\\u12g4"|"\\|"|"\\"`.split('|'),
    ...'01|-01|00|.5|5.|1e|1e+|+1|-|--1|0x1|1_0|1n|NaN|Infinity|-Infinity'.split('|'),
    ...'undefined|nul|nulll|True|truefalse|1true'.split('|'),
  ])('refuses %j', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow()
    expect(read(text)).toBeInstanceOf(Misread)
  })

  it.each([
    ['[1 x', '3 This is not JSON: here is "x", where a comma or ] should be.'],
    ['{"a":1 "b"', '7 This is not JSON: here is "\\"", where a comma or } should be.'],
    ['{"a" 1}', '5 This is not JSON: here is "1", where a colon after the name should be.'],
    [
      '[/*',
      '1 This is not JSON: here is "/", where a value: text in double quotes, a number, [ or { should be.',
    ],
    ['"a\nb"', '0 The text that begins here holds a line break, a tab or a \\ that JSON does not know.'],
  ])('says of %j where it is wrong', (text, problem) => {
    expect(problemOf(text)).toBe(problem)
  })

  it('is refused where it is nested too deeply, and holds no stack for it', () => {
    const tooDeep = '9 Lists and maps are nested more than 8 deep here; a rule needs three.'
    expect(problemOf('['.repeat(100_000))).toBe(tooDeep)
    expect(problemOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)).toBe(tooDeep)
    expect(problemOf('{"":'.repeat(100_000))).toMatch(/^36 Lists and maps/)
    expect(problemOf(`${'['.repeat(9)}${']'.repeat(9)}`)).toBe('none')
  })

  it('is refused where it holds too many values', () => {
    const text = `[${'0,'.repeat(1_499_998)}0]`
    expect(problemOf(text)).toBe('none')
    expect(problemOf(`${text.slice(0, -1)},0]`)).toBe(
      '2999999 The file holds more than 1500000 values; split it.',
    )
  })

  it('may hold much space, and texts with many escapes', () => {
    const begin = performance.now()
    expect(problemOf(`[${' '.repeat(20_000_000)}]`)).toBe('none')
    expect(problemOf(`["${'\\n'.repeat(10_000_000)}"]`)).toBe('none')
    expect(performance.now() - begin).toBeLessThan(2_000)
  })
})

describe('a text', () => {
  const parts = Array.from('{}[]:,"\\/\'-+.eEu01279abtrnulf \t\n\r\uFEFF\u0000\ud800é').concat(
    ...['"a"', '"":', '\\u00', '//', '/*', 'null', 'true', 'false', 'NaN', '1e5', '-0', '"__proto__":1'],
  )
  const tokens = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((all) => all.join(''))
  const written = fc
    .tuple(fc.jsonValue({ maxDepth: 3, stringUnit: 'binary' }), fc.constantFrom(undefined, '\t', 1))
    .map(([value, space]) => JSON.stringify(value, null, space))
  const change = fc.tuple(fc.nat(), fc.nat(2), fc.array(fc.constantFrom(...parts), { maxLength: 2 }))

  function isReadAsByJsonParse(text: string): void {
    let expected: unknown
    try {
      expected = JSON.parse(text)
    } catch {
      expect(read(text)).toBeInstanceOf(Misread)
      return
    }
    const node = readJson(text)
    expect(plain(node)).toStrictEqual(expected)
    if (node.kind === 'other') expect(node.source).toBe(text.trim())
  }

  it('that JSON.stringify wrote reads as the same value', () => {
    fc.assert(fc.property(written, isReadAsByJsonParse), { numRuns: 500 })
  })

  it('that was changed here and there is read exactly when JSON.parse reads it, as the same value', () => {
    fc.assert(
      fc.property(written, fc.array(change, { minLength: 1, maxLength: 3 }), (whole, changes) => {
        let text = whole
        for (const [where, removed, put] of changes) {
          const at = where % (text.length + 1)
          text = text.slice(0, at) + put.join('') + text.slice(at + removed)
        }
        isReadAsByJsonParse(text)
      }),
      { numRuns: 2_000 },
    )
  })

  it('of parts of JSON is read exactly when JSON.parse reads it, as the same value', () => {
    fc.assert(fc.property(tokens, isReadAsByJsonParse), { numRuns: 5_000 })
    fc.assert(
      fc.property(tokens, (text) => isReadAsByJsonParse(`["${text}"]`)),
      { numRuns: 2_000 },
    )
    fc.assert(
      fc.property(tokens, (text) => isReadAsByJsonParse(`-1${text}`)),
      { numRuns: 2_000 },
    )
  })
})
