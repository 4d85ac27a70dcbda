// What each part is for: docs/mutation-testing.md.
import { mutatedFolder } from './scripts/mutation/folders.ts'

const { name, mutate } = mutatedFolder()
const reports = `.local/mutation/${name}`

export default {
  mutate: [...mutate],
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutate.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['html', 'json', 'progress'],
  htmlReporter: { fileName: `${reports}/report.html` },
  jsonReporter: { fileName: `${reports}/report.json` },
  tempDirName: `${reports}/sandbox`,
  ignorePatterns: [
    '/*',
    '!/shared',
    '!/test',
    '!/docs',
    '!/scripts',
    '!/package.json',
    '!/tsconfig.json',
    '!/vitest.mutate.config.ts',
  ],
  allowEmpty: false,
}
