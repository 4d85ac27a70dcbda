import { defineConfig } from 'vitest/config'

const small = ['test/unit/**/*.test.ts', 'test/forgery/**/*.test.ts']
const exhaustive = ['test/exhaustive/**/*.test.ts']
const scenarios = ['test/scenarios/**/*.test.ts']
const large = ['test/large/**/*.test.ts', 'test/extending/**/*.test.ts']
const azureCli = ['test/azure-cli/**/*.test.ts']

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most tests wait more than they work; one worker, the default on two cores, leaves half of the machine idle.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      // Pure code, whose modules hold no state: loading it once for all files halves the time.
      // In another order each time, as nothing may depend on it; the seed is printed.
      {
        extends: true,
        test: { name: 'unit', include: small, isolate: false, sequence: { shuffle: true } },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts'],
          exclude: [...small, ...exhaustive, ...scenarios, ...large, ...azureCli],
        },
      },
      {
        extends: true,
        test: { name: 'scenarios', include: scenarios, globalSetup: ['test/global-setup.ts'] },
      },
      { extends: true, test: { name: 'large', include: large, globalSetup: ['test/global-setup.ts'] } },
      // They compute only, and .ci/run has them at a low priority beside the others.
      { extends: true, test: { name: 'exhaustive', include: exhaustive, testTimeout: 600_000 } },
      {
        extends: true,
        test: {
          name: 'azure-cli',
          include: azureCli,
          globalSetup: ['test/azure-cli/setup.ts', 'test/global-setup.ts'],
        },
      },
    ],
  },
})
