import { defineConfig } from 'vitest/config'

const withBuiltApp = ['test/scenarios/**/*.test.ts']

export default defineConfig({
  test: {
    passWithNoTests: false,
    // Most tests wait more than they work; one worker, the default on two cores, leaves half of the machine idle.
    maxWorkers: '100%',
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'parts', include: ['test/**/*.test.ts'], exclude: withBuiltApp },
      },
      {
        extends: true,
        test: { name: 'scenarios', include: withBuiltApp, globalSetup: ['test/global-setup.ts'] },
      },
    ],
  },
})
