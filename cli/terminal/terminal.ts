import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { visible, visibleJson } from '../../shared/domain/printable.ts'
import { type Colour, CommandFailed, type Io } from './io.ts'
import { startBar } from './progress-bar.ts'
import type { Streams } from './streams.ts'

export interface IoOptions {
  readonly json?: boolean | undefined
  /** False with `--no-color`. */
  readonly color?: boolean | undefined
  readonly yes?: boolean | undefined
}

const codes: Readonly<Record<Colour, number>> = { green: 32, red: 31, yellow: 33, grey: 90, bold: 1 }
const usualWidth = 100
// eslint-disable-next-line no-control-regex -- colours begin with one
const ownCharacters = /(\n|\u001b\[(?:0|1|31|32|33|90)m)/

/** The one implementation of `Io`: standard streams, or those of a test. */
export function createIo(around: Streams, options: IoOptions): Io {
  const { stdin, stdout, stderr, env, signal } = around
  const showsColours = stdout.isTTY === true && !env['NO_COLOR'] && options.color !== false
  const canAsk = stdin.isTTY === true && stderr.isTTY === true
  const note = (text: string): void => {
    stderr.write(`${stderr.isTTY ? forTerminal(text) : stripVTControlCharacters(text)}\n`)
  }
  const outText = (text: string): string => {
    if (options.json) return visibleJson(text)
    return stdout.isTTY ? forTerminal(text) : text
  }
  return {
    isJson: options.json === true,
    width: stdout.columns ?? (Number(env['COLUMNS']) || usualWidth),
    canAsk,
    signal,
    out: (text) => void stdout.write(`${outText(text)}\n`),
    note,
    coloured: (text, colour) => (showsColours ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text),
    progress: (label, total) => startBar(stderr, label, total),
    async confirm(question, typed) {
      if (options.yes) return true
      if (!canAsk) {
        throw new CommandFailed(
          `${question} There is no terminal to ask at: confirm beforehand with --yes.`,
          2,
        )
      }
      const expected = typed === undefined ? '[y/N]' : `Type ${typed} to go on:`
      const reply = await ask(around, `${question} ${expected} `)
      return typed === undefined ? /^y(es)?$/i.test(reply) : reply === typed
    },
  }
}

/** Whatever a text holds, it moves no cursor and turns no text around: only our own colours and line ends stay. */
function forTerminal(text: string): string {
  return text
    .split(ownCharacters)
    .map((part, index) => (index % 2 === 1 ? part : visible(part)))
    .join('')
}

/** One line from the terminal; empty when the input ends. */
async function ask({ stdin, stderr, signal }: Streams, question: string): Promise<string> {
  signal.throwIfAborted()
  // Not in raw mode: the terminal does line editing, and Ctrl-C stays a signal.
  const lines = createInterface({ input: stdin, terminal: false })
  stderr.write(question)
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', (line) => resolve(line.trim()))
      lines.once('close', () => resolve(''))
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    })
  } finally {
    lines.close()
  }
}
