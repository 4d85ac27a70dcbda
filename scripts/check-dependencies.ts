// Checks the layering rules for imports, and that the checker really read the modules.
import { glob } from 'node:fs/promises'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config'

const root = join(import.meta.dirname, '..')
const folders = ['functions', 'shared', 'cli', 'build', 'local', 'scripts']

process.exitCode = await check()

async function check(): Promise<number> {
  process.chdir(root)
  const options = await extractOptions('./.dependency-cruiser.cjs')
  const cruised = await cruise(folders, options, undefined, { tsConfig: extractTsConfig('tsconfig.json') })
  const result = cruised.output as ICruiseResult
  const expected: string[] = []
  for await (const file of glob(folders.map((folder) => `${folder}/**/*.ts`))) expected.push(file)
  const read = new Set(
    result.modules
      .filter(({ source, dependencies }) => source.endsWith('.ts') && dependencies.length > 0)
      .map(({ source }) => source),
  )
  for (const { rule, from, to } of result.summary.violations) {
    console.error(`${from} must not import ${to}: ${rule.name}`)
  }
  // A checker that cannot parse TypeScript reports "no violations" without having read anything. Few modules have no
  // import.
  const unread = expected.filter((file) => !result.modules.some(({ source }) => source === file))
  const share = read.size / expected.length
  if (unread.length > 0 || share < 0.7) {
    console.error(
      `The checker saw imports in ${read.size} of ${expected.length} files and missed ${unread.length}: it did not do its work.`,
    )
    return 1
  }
  if (result.summary.violations.length > 0) return 1
  console.log(
    `${expected.length} modules, ${result.summary.totalDependenciesCruised ?? 0} imports: the layers hold.`,
  )
  return 0
}
