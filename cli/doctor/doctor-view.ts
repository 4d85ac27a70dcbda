import { visible } from '../../shared/domain/printable.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'
import { wrapped } from '../terminal/wrap.ts'
import type { CheckResult, Level } from './check.ts'
import { checks } from './checks.ts'

const colours: Readonly<Record<Level, Colour>> = {
  pass: 'green',
  warn: 'yellow',
  fail: 'red',
  skipped: 'grey',
}
const levels = ['fail', 'warn', 'pass', 'skipped'] as const
const indent = ' '.repeat(9)

/** One block for each outcome, in the order of the checks, and how many there are of each level. */
export function doctorText(results: readonly CheckResult[], io: Io): string {
  const counts = levels
    .map((level) => [level, results.filter((result) => result.level === level).length] as const)
    .filter(([, count]) => count > 0)
    .map(([level, count]) => io.coloured(`${count} ${level}`, colours[level]))
  return [
    ...results.flatMap((result) => linesOf(result, io)),
    '',
    `${counted(results.length, 'result')}: ${counts.join(', ')}.`,
  ].join('\n')
}

/** A fix command stays on one line, so that it can be copied. */
function linesOf({ check, level, subject, found, fix }: CheckResult, io: Io): readonly string[] {
  const title = subject === undefined ? checks[check].title : `${checks[check].title}, ${visible(subject)}`
  const width = Math.max(40, io.width - indent.length)
  const text = wrapped(visible(found), width).map((line) => `${indent}${line}`)
  const howTo =
    fix === undefined || level === 'pass' ? [] : [`${indent}${io.coloured('→', 'bold')} ${visible(fix)}`]
  return [`${io.coloured(level.padEnd(8), colours[level])} ${title}`, ...text, ...howTo]
}

export function doctorJson(results: readonly CheckResult[]): string {
  return JSON.stringify({
    ok: results.every(({ level }) => level !== 'fail'),
    results: results.map(({ check, level, subject, found, fix }) => ({
      area: checks[check].area,
      check,
      level,
      subject,
      found: visible(found),
      fix: fix === undefined ? undefined : visible(fix),
    })),
  })
}
