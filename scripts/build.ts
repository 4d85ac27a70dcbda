// Builds the folder that is deployed: npm run build [-- --out FOLDER]
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')

/**
 * Writes host.json, package.json and one bundle into `folder`. Nothing else is deployed: only
 * `@azure/functions-core` comes from outside, which the Functions worker supplies.
 */
export async function buildApp(folder: string): Promise<{ bundleBytes: number }> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
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

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'dist/app') } } })
  const startedAt = Date.now()
  const { bundleBytes } = await buildApp(values.out)
  const megabytes = (bundleBytes / 1_048_576).toFixed(1)
  console.log(
    `Built ${values.out} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s: one bundle of ${megabytes} MB.`,
  )
}
