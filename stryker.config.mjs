// What each part is for: docs/mutation-testing.md.
export default {
  mutate: ['shared/policy/**/*.ts', 'shared/domain/prepared-rule.ts'],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutate.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  thresholds: { high: 100, low: 95, break: 95 },
  reporters: ['clear-text', 'html', 'json', 'progress'],
  clearTextReporter: { reportTests: false, logTests: false },
  htmlReporter: { fileName: '.local/mutation/report.html' },
  jsonReporter: { fileName: '.local/mutation/report.json' },
  tempDirName: '.local/mutation/sandbox',
  ignorePatterns: [
    '/*',
    '!/shared',
    '!/test',
    '!/package.json',
    '!/tsconfig.json',
    '!/vitest.mutate.config.ts',
  ],
  allowEmpty: false,
}
