import { defineConfig } from 'vitest/config'

const withBuiltApp = ['test/scenarios/**/*.test.ts']

export default defineConfig({
  test: {
    passWithNoTests: false,
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
