// Builds the folder that is deployed, and the command line: npm run build [-- --out FOLDER]
import { chmod, copyFile, cp, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, type Metafile } from 'esbuild'
import { readArguments } from '../local/arguments.ts'

const help = `Usage: npm run build [-- --out FOLDER]

Writes what is deployed, host.json, package.json and one bundle, main.cjs, into dist/app, and the
command line into dist/cli/main.mjs.

  --out FOLDER   only what is deployed, and there; has to be new, empty or a former build
  --help         this text`

const root = join(import.meta.dirname, '..')
const built = ['host.json', 'main.cjs', 'package.json']

/**
 * Writes host.json, package.json and one bundle into `folder`. Nothing else is deployed: only
 * `@azure/functions-core` comes from outside, which the Functions worker supplies.
 * @throws Error when the folder holds anything but a former build; it is left as it is.
 */
export async function buildApp(folder: string): Promise<{ bundleBytes: number }> {
  await mkdir(folder, { recursive: true })
  await clear(folder)
  const outfile = join(folder, 'main.cjs')
  await build({
    entryPoints: [join(root, 'functions/main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    external: ['@azure/functions-core'],
    // Names stay, so that a stack trace can be read without a source map.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  await copyFile(join(root, 'host.json'), join(folder, 'host.json'))
  const manifest = { name: 'private-endpoint-approver', version: '0.1.0', private: true, main: 'main.cjs' }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return { bundleBytes: (await stat(outfile)).size }
}

/** The bundle has CommonJS modules in it, and these call `require` for what Node brings along. */
const banner = `#!/usr/bin/env node
import { createRequire as $createRequire } from 'node:module'
const require = $createRequire(import.meta.url)`

/**
 * Writes the command line into one file that runs on Node 20.19 and newer, and beside it the folder `templates` that it
 * prints from; it needs nothing else. SDKs are in it and are evaluated when a command needs them first.
 */
export async function buildCli(file: string): Promise<{ bundleBytes: number; metafile: Metafile }> {
  const { metafile } = await build({
    entryPoints: [join(root, 'cli/bin.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    banner: { js: banner },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  })
  await chmod(file, 0o755)
  const templates = join(dirname(file), 'templates')
  await rm(templates, { recursive: true, force: true })
  await cp(join(root, 'templates'), templates, { recursive: true })
  return { bundleBytes: (await stat(file)).size, metafile }
}

async function clear(folder: string): Promise<void> {
  const foreign = (await readdir(folder)).find((name) => !built.includes(name))
  if (foreign !== undefined) {
    throw new Error(
      `${folder} holds ${foreign}, which is no part of a build: choose a folder that is new or empty.`,
    )
  }
  for (const name of built) await rm(join(folder, name), { force: true })
}

/**
 * Builds what is deployed, into `out` or into dist, and then the command line, too. Says what was built.
 * @throws Error when `out` holds anything but a former build.
 */
export async function buildAll(out: string | undefined): Promise<void> {
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

if (import.meta.main) {
  const { out } = readArguments(help, () =>
    parseArgs({ options: { out: { type: 'string' }, help: { type: 'boolean' } } }),
  )
  try {
    await buildAll(out)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
