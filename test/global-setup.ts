import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildApp } from '../scripts/build.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The built app, as it is deployed. */
    readonly appFolder: string
  }
}

/** Builds the app once for all tests that run it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'approver-app-'))
  await buildApp(folder)
  project.provide('appFolder', folder)
  return () => rm(folder, { recursive: true, force: true })
}
