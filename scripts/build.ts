// Builds the folder that is deployed, and the command line: npm run build [-- --out FOLDER]
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from '../build/app.ts'
import { buildCli } from '../build/command-line.ts'
import { readArguments } from '../local/arguments.ts'

const help = `Usage: npm run build [-- --out FOLDER]

Writes what is deployed, host.json, package.json and one bundle, main.cjs, into dist/app, and the
command line into dist/cli/main.mjs.

  --out FOLDER   only what is deployed, and there; has to be new, empty or a former build
  --help         this text`

const root = join(import.meta.dirname, '..')

const { out } = readArguments(help, () =>
  parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } }),
)
try {
  await buildAll(out)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/**
 * Builds the folder that is deployed: into `out`, or into `dist`, together with the command line. Prints what was
 * built.
 * @throws Error when `out` contains anything but a former build.
 */
async function buildAll(out: string | undefined): Promise<void> {
  const startedAt = Date.now()
  const folder = out ?? join(root, 'dist/app')
  const app = await buildApp(folder)
  const parts = [`${folder}: one bundle of ${megabytes(app.bundleBytes)}`]
  if (out === undefined) {
    const file = join(root, 'dist/cli/main.mjs')
    const cli = await buildCli(file)
    parts.push(`${file}: ${megabytes(cli.bundleBytes)}`)
  }
  console.log(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s. ${parts.join('. ')}.`)
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`
}
