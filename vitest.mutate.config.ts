import { defineConfig } from 'vitest/config'
import { mutatedFolder } from './scripts/mutation/folders.ts'

const { tests, leftOut } = mutatedFolder()

/** The tests that mutants of one folder are held against. */
export default defineConfig({
  test: { include: [...tests], exclude: [...leftOut], passWithNoTests: false },
})
