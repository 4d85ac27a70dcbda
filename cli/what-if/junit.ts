import type { CaseResult } from '../../shared/what-if/cases.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

/** The results as JUnit XML, which build servers show. */
export function junitOf(suite: string, results: readonly CaseResult[]): string {
  const failed = results.filter(({ failures }) => failures.length > 0).length
  const cases = results.map(({ case: { name }, failures, verdict: { reason } }) => {
    const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}"`
    if (failures.length === 0) return `${head}/>`
    const failure = `<failure message="${escaped(failures.join('; '))}">${escaped(reason.sentence)}</failure>`
    return `${head}>\n      ${failure}\n    </testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="${escaped(suite)}" tests="${results.length}" failures="${failed}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function escaped(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll(/[&<>"]/g, (sign) => entities[sign] ?? sign)
}
