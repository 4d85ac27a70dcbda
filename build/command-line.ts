import { chmod, cp, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { build, type Metafile } from 'esbuild'

const root = join(import.meta.dirname, '..')

/** The bundle contains CommonJS modules, which call `require` for Node's own modules. */
const banner = `#!/usr/bin/env node
import { createRequire as $createRequire } from 'node:module'
const require = $createRequire(import.meta.url)`

/**
 * Writes the command line into one file that runs on Node 20.19 and newer, and the folder `templates`, which it prints
 * from, beside it. It needs nothing else. SDKs are included and evaluated when a command first needs them.
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
