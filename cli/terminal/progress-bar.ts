import type { Progress } from './io.ts'
import type { TerminalStream } from './streams.ts'

const barWidth = 24
const millisecondsBetween = 80
const clearLine = '\r\u001b[2K'
const nothing: Progress = { at: () => undefined, end: () => undefined }

/** A bar in the last line of a terminal; it goes away at its end. Nothing where the stream is no terminal. */
export function startBar(stream: TerminalStream, label: string, total: number): Progress {
  if (!stream.isTTY) return nothing
  let drawnAt = 0
  const draw = (done: number): void => {
    drawnAt = Date.now()
    stream.write(`${clearLine}${barLine(label, done, total)}`)
  }
  draw(0)
  return {
    at(done) {
      if (Date.now() - drawnAt >= millisecondsBetween) draw(done)
    },
    end: () => void stream.write(clearLine),
  }
}

/** `Writing rules  [######------]  5,000 of 10,000`; only the count where the total is unknown (0). */
export function barLine(label: string, done: number, total: number): string {
  const count = done.toLocaleString('en')
  if (total === 0) return `${label}  ${count}`
  const filled = Math.floor((Math.min(done, total) / total) * barWidth)
  return `${label}  [${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}]  ${count} of ${total.toLocaleString('en')}`
}
