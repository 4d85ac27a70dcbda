export { lintCodes, severities, type Finding, type LintCode, type Severity } from './finding.ts'
export { lintRules } from './lint-rules.ts'
