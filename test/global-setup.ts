import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildApp } from '../build/app.ts'
import { buildCli } from '../build/command-line.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The built app, as it is deployed. */
    readonly appFolder: string
    /** The built command line. */
    readonly cliFile: string
  }
}

/** Builds the app and the command line once for all tests that run them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'approver-app-'))
  const cliFile = join(await mkdtemp(join(tmpdir(), 'approver-cli-')), 'main.mjs')
  await Promise.all([buildApp(folder), buildCli(cliFile)])
  project.provide('appFolder', folder)
  project.provide('cliFile', cliFile)
  return async () => {
    for (const made of [folder, dirname(cliFile)]) await rm(made, { recursive: true, force: true })
  }
}
