import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const built = ['host.json', 'main.cjs', 'package.json']

/**
 * Writes host.json, package.json and one bundle into `folder`. Nothing else is deployed: only `@azure/functions-core`
 * is external, and the Functions worker supplies it.
 * @throws Error when the folder contains anything but a former build; it is left unchanged.
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
    // Names are kept, so that a stack trace is readable without a source map.
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

async function clear(folder: string): Promise<void> {
  const foreign = (await readdir(folder)).find((name) => !built.includes(name))
  if (foreign !== undefined) {
    throw new Error(
      `${folder} holds ${foreign}, which is no part of a build: choose a folder that is new or empty.`,
    )
  }
  for (const name of built) await rm(join(folder, name), { force: true })
}
