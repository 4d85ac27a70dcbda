export { lintCodes, severities, type Finding, type LintCode, type Severity } from './finding.ts'
export { lintRouting } from './lint-routing.ts'
export { lintRules } from './lint-rules.ts'
