// Mutation testing, folder by folder: npm run mutate -- --folder request
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { folderNames, type FolderName, isFolderName, mutatedFolders } from './mutation/folders.ts'
import { asTableRow, type MutationReport, scoreOf, type Survivor, withoutReason } from './mutation/report.ts'

const root = join(import.meta.dirname, '..')
const usage = `npm run mutate -- [--folder ${folderNames.join('|')}] [--report] [-- options of Stryker]`

process.exitCode = main()

function main(): number {
  const { values, positionals } = parseArgs({
    options: { folder: { type: 'string' }, report: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const { folder, report } = values
  if (folder !== undefined && !isFolderName(folder)) {
    console.error(usage)
    return 2
  }
  const results = (folder === undefined ? folderNames : [folder]).map((name) => {
    if (!report && !isRun(name, positionals)) return false
    return isGoalReached(name)
  })
  return results.every(Boolean) ? 0 : 1
}

function isRun(folder: FolderName, options: readonly string[]): boolean {
  const { status } = spawnSync('stryker', ['run', ...options], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MUTATED_FOLDER: folder },
  })
  return status === 0
}

/** Prints the score of a folder, and the survivors that count against its goal. */
function isGoalReached(folder: FolderName): boolean {
  const text = readFileSync(join(root, '.local/mutation', folder, 'report.json'), 'utf8')
  const { noticed, all, percent, survivors } = scoreOf(JSON.parse(text) as MutationReport)
  const { goal } = mutatedFolders[folder]
  const figures = `${folder}: ${noticed} of ${all} mutants are noticed (${percent.toFixed(1)} %)`
  if (goal === 'reasons') {
    const unexplained = withoutReason(survivors, readFileSync(join(root, 'docs/mutation-testing.md'), 'utf8'))
    console.log(`${figures}; ${unexplained.length} of ${survivors.length} survivors have no reason.`)
    list(unexplained)
    return unexplained.length === 0
  }
  console.log(`${figures}; at least ${goal} % are to be.`)
  list(survivors)
  return percent >= goal
}

function list(survivors: readonly Survivor[]): void {
  for (const survivor of survivors)
    console.log(`${String(survivor.line).padStart(4)} ${asTableRow(survivor)}`)
}
