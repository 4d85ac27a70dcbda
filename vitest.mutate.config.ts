import { defineConfig } from 'vitest/config'

/**
 * The tests that mutants of the policy are held against: examples only, each a sentence of behaviour. Random requests
 * stand in test/exhaustive, so that a mutant lives or dies for a reason that can be read, and within seconds.
 */
export default defineConfig({
  test: {
    include: ['test/unit/policy/*.test.ts', 'test/unit/burst/window.test.ts'],
    passWithNoTests: false,
  },
})
