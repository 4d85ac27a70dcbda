import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'vitest'
import { mutatedFolder } from '../../scripts/mutation/folders.ts'

const root = join(import.meta.dirname, '../..')
const { tests, leftOut } = mutatedFolder()

// One file for all tests of a folder: what they share is loaded once for each mutant, not once for each file.
for await (const file of glob(tests, { cwd: root, exclude: leftOut })) {
  describe(file, async () => {
    await import(join(root, file))
  })
}
