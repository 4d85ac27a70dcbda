import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'

/** A ```sh block of a page, with what the page says its reader sees. */
export interface Block {
  /** The heading it stands under. */
  readonly heading: string
  /** Line of the page on which its code begins. */
  readonly line: number
  readonly code: string
  /** Words after `sh` on the opening fence, which no reader sees: what has to be so for the block to run. */
  readonly tags: readonly string[]
  /** Lines of the ```text or ```json block after it; `…` stands for what is different each time. */
  readonly expected: readonly string[]
}

const fence = /^```(\w*) ?(.*)$/

/**
 * Takes the blocks of a Markdown page apart.
 * @throws Error for a fence that is not closed and for an expectation before the first block.
 */
export function readBlocks(markdown: string): Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  let heading = ''
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading
    const [, language = '', words = ''] = fence.exec(line) ?? []
    if (!fence.test(line)) continue
    const end = lines.indexOf('```', at + 1)
    if (end === -1) throw new Error(`Line ${at + 1}: the fence is not closed.`)
    const inside = lines.slice(at + 1, end)
    if (language === 'sh') {
      const tags = words.split(' ').filter((word) => word !== '')
      blocks.push({ heading, line: at + 2, code: inside.join('\n'), tags, expected: [] })
    } else {
      const last = blocks.pop()
      if (!last) throw new Error(`Line ${at + 1}: this expects something before the first sh block.`)
      blocks.push({ ...last, expected: [...last.expected, ...inside.filter((text) => text.trim() !== '')] })
    }
    at = end
  }
  return blocks
}

/** The first expected line that the output does not hold after the ones before it; undefined when all are there. */
export function firstMissing(output: string, expected: readonly string[]): string | undefined {
  const seen = output.split('\n')
  let from = 0
  for (const line of expected) {
    const found = seen.findIndex((candidate, index) => index >= from && matches(candidate, line))
    if (found === -1) return line
    from = found + 1
  }
  return undefined
}

function matches(line: string, expected: string): boolean {
  const [start = '', ...rest] = expected.trim().split('…')
  const end = rest.pop()
  const seen = line.trim()
  if (end === undefined) return seen === start
  let at = start.length
  for (const part of rest) {
    const found = seen.indexOf(part, at)
    if (found === -1) return false
    at = found + part.length
  }
  return seen.startsWith(start) && seen.endsWith(end) && seen.length - end.length >= at
}

/** One bash for all blocks of a page, so that what a block sets is there for the next. It ends at the first failure. */
export class PageShell {
  readonly #folder: string
  readonly #bash: ChildProcessByStdio<Writable, Readable, null>
  readonly #ended: Promise<unknown>
  #output = ''
  #blocks = 0

  /** @param folder takes the files of the blocks; made and removed by the caller. */
  constructor(folder: string, environment: NodeJS.ProcessEnv, workingFolder: string) {
    this.#folder = folder
    const loop = 'set -euo pipefail; while read -r file; do source "$file" </dev/null; done'
    this.#bash = spawn('bash', ['-c', `{ ${loop}; } 2>&1`], {
      cwd: workingFolder,
      env: environment,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#ended = once(this.#bash, 'close')
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
  }

  /**
   * Runs a block; resolves to what it printed, on both streams.
   * @throws Error with what it printed when a command of it failed, or one of an earlier block.
   */
  async run(code: string): Promise<string> {
    const done = `done ${randomUUID()}`
    const file = join(this.#folder, `block-${(this.#blocks += 1)}.sh`)
    await writeFile(file, `${code}\necho; echo '${done}'\n`)
    this.#output = ''
    if (this.#bash.exitCode === null) this.#bash.stdin.write(`${file}\n`)
    const outcome = await Promise.race([this.#printed(done), this.#ended.then(() => 'failed' as const)])
    const printed = stripVTControlCharacters(this.#output.replace(done, ''))
    if (outcome === 'failed') throw new Error(`A command failed. What was printed:\n${printed}`)
    return printed
  }

  async #printed(text: string): Promise<'printed'> {
    while (!this.#output.includes(text)) await once(this.#bash.stdout, 'data')
    return 'printed'
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.#bash.kill('SIGKILL')
    await this.#ended
  }
}
