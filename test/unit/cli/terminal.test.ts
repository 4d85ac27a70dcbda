import { describe, expect, it } from 'vitest'
import { CommandFailed } from '../../../cli/terminal/io.ts'
import { barLine } from '../../../cli/terminal/progress-bar.ts'
import { createIo } from '../../../cli/terminal/terminal.ts'
import { around } from '../../support/command-line.ts'

const red = '\u001b[31mno\u001b[0m'

describe('colours', () => {
  it.each([
    ['on a terminal', { isTerminal: true }, {}, red],
    ['in a pipe: none', {}, {}, 'no'],
    ['with NO_COLOR: none', { isTerminal: true, env: { NO_COLOR: '1' } }, {}, 'no'],
    ['with an empty NO_COLOR', { isTerminal: true, env: { NO_COLOR: '' } }, {}, red],
    ['with --no-color: none', { isTerminal: true }, { color: false }, 'no'],
  ])('%s', (_, streams, options, shown) => {
    expect(createIo(around(streams), options).coloured('no', 'red')).toBe(shown)
  })

  it('do not get into standard error when only that is no terminal', () => {
    const streams = around({ isTerminal: true })
    Object.assign(streams.stderr, { isTTY: false })
    createIo(streams, {}).note(red)
    expect(streams.err()).toBe('no\n')
  })
})

describe('a question', () => {
  it.each([
    ['y', undefined, true],
    ['YES', undefined, true],
    ['', undefined, false],
    ['n', undefined, false],
    ['yellow', undefined, false],
    ['12', '12', true],
    ['y', '12', false],
    ['120', '12', false],
  ])('answered %j where %s is expected: %s', async (reply, typed, isYes) => {
    const streams = around({ isTerminal: true })
    streams.stdin.write(`${reply}\n`)
    expect(await createIo(streams, {}).confirm('Go on?', typed)).toBe(isYes)
    expect(streams.err()).toBe(`Go on? ${typed === undefined ? '[y/N]' : `Type ${typed} to go on:`} `)
  })

  it('is a no when the input ends', async () => {
    const streams = around({ isTerminal: true })
    streams.stdin.end()
    expect(await createIo(streams, {}).confirm('Go on?')).toBe(false)
  })

  it('is not asked with --yes', async () => {
    const streams = around()
    expect(await createIo(streams, { yes: true }).confirm('Go on?')).toBe(true)
    expect(streams.err()).toBe('')
  })

  it('without a terminal is refused, with 2', async () => {
    await expect(createIo(around(), {}).confirm('Write this?')).rejects.toThrow(
      new CommandFailed('Write this? There is no terminal to ask at: confirm beforehand with --yes.', 2),
    )
  })

  it('ends with Ctrl-C', async () => {
    const streams = around({ isTerminal: true })
    const reply = createIo(streams, {}).confirm('Go on?')
    streams.interrupt()
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('the bar', () => {
  it.each([
    [0, 10_000, 'Rules  [------------------------]  0 of 10,000'],
    [5_000, 10_000, 'Rules  [############------------]  5,000 of 10,000'],
    [9_999, 10_000, 'Rules  [#######################-]  9,999 of 10,000'],
    [10_000, 10_000, 'Rules  [########################]  10,000 of 10,000'],
    [12, 10, 'Rules  [########################]  12 of 10'],
    [1_200, 0, 'Rules  1,200'],
  ])('at %i of %i', (done, total, line) => {
    expect(barLine('Rules', done, total)).toBe(line)
  })

  it('is drawn on standard error, and goes away at its end', () => {
    const streams = around({ isTerminal: true })
    createIo(streams, {}).progress('Rules', 3).end()
    expect(streams.err()).toBe(`\r\u001b[2K${barLine('Rules', 0, 3)}\r\u001b[2K`)
    expect(streams.out()).toBe('')
  })

  it('is not drawn where standard error is no terminal', () => {
    const streams = around()
    const progress = createIo(streams, {}).progress('Rules', 3)
    progress.at(2)
    progress.end()
    expect(streams.err()).toBe('')
  })
})
