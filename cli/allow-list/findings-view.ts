import type { Finding, Severity } from '../../shared/lint/index.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'

const colours: Readonly<Record<Severity, Colour>> = { error: 'red', warning: 'yellow', note: 'grey' }

/** One line per finding: place, severity, sentence, and the code that docs/lint-rules.md explains. */
export function findingLines(
  io: Pick<Io, 'coloured'>,
  findings: readonly Finding[],
  placeOf: (ruleId: string) => string,
): readonly string[] {
  return findings.map(
    ({ severity, ruleId, sentence, code }) =>
      `${io.coloured(severity, colours[severity])}  ${placeOf(ruleId)}${ruleId}: ${sentence} ${io.coloured(`(${code})`, 'grey')}`,
  )
}

/** `1 error, 3 warnings`; empty when there is none. */
export function findingCounts(findings: readonly Finding[]): string {
  return (['error', 'warning', 'note'] as const)
    .map((severity) => [findings.filter((one) => one.severity === severity).length, severity] as const)
    .filter(([count]) => count > 0)
    .map(([count, severity]) => counted(count, severity))
    .join(', ')
}
