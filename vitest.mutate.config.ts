import { defineConfig } from 'vitest/config'

/** The tests that mutants of one folder are held against: see scripts/mutation/folders.ts. */
export default defineConfig({ test: { include: ['test/mutation/one-file.ts'] } })
