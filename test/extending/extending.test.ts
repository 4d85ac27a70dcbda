import { execFile } from 'node:child_process'
import { cp, glob, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { check, resolveConfig } from 'prettier'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type * as settingModule from '../unit/private-link/setting.ts'
import type * as idsModule from '../unit/private-link/ids.ts'
import type * as requestersModule from '../../shared/private-link/requesters/all.ts'
import type * as fakeAzureModule from '../unit/private-link/fake-azure.ts'
import type * as buildModule from '../../build/app.ts'
import { startFunctionsApp } from '../../local/functions-app.ts'
import { findWords, withExceptions } from '../../scripts/words/find-words.ts'
import { exceptions, replacedWords } from '../../scripts/words/replaced-words.ts'
import { clouds } from '../../shared/config/clouds.ts'
import { startAzurite } from '../support/azurite.ts'
import { applyRecipe, readRecipes } from './recipe.ts'

// What docs/extending.md tells newcomers to do is done in a copy of the project.

const root = join(import.meta.dirname, '../..')
const page = join(root, 'docs/extending.md')
const recipes = readRecipes(await readFile(page, 'utf8'))
const steps = recipes.flatMap((recipe) => recipe.steps)
const parts = ['build', 'cli', 'docs', 'functions', 'local', 'scripts', 'shared', 'templates', 'test']
const addedModules = steps.map(({ file }) => file).filter((file) => /^(functions|shared)\//.test(file))
const leftOut = /\/(node_modules|dist|\.local|\.git)(\/|$)/
const slow = 240_000
let copy: string

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'extending-'))
  for (const part of parts)
    await cp(join(root, part), join(copy, part), {
      recursive: true,
      filter: (path) => !leftOut.test(path.slice(root.length)),
    })
  for await (const file of glob(['*.{json,js,mjs,ts,md}', '.*.cjs', '.prettier*'], { cwd: root }))
    await cp(join(root, file), join(copy, file))
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const recipe of recipes) await applyRecipe(recipe, copy)
})
afterAll(() => rm(copy, { recursive: true, force: true }))

/** Runs a program in the copy. A failure shows what it printed. */
async function run(...[program = '', ...words]: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...words], { cwd: copy })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${program} ${words.join(' ')}\n${stdout ?? ''}${stderr ?? ''}`, { cause: error })
  }
}

/** Modules of the copy that are tried, with the types that they have here. */
interface Modules {
  readonly 'test/unit/private-link/setting.ts': typeof settingModule
  readonly 'test/unit/private-link/ids.ts': typeof idsModule
  readonly 'shared/private-link/requesters/all.ts': typeof requestersModule
  readonly 'test/unit/private-link/fake-azure.ts': typeof fakeAzureModule
  readonly 'build/app.ts': typeof buildModule
}

async function load<File extends keyof Modules>(file: File): Promise<Modules[File]> {
  return (await import(join(copy, file))) as Modules[File]
}

describe('the page about extending', () => {
  it('has the three lists', () => {
    expect(recipes.map(({ title }) => title)).toEqual(['A type of target', 'A kind of requester', 'A route'])
  })

  it('names every file that differs afterwards, and only those', async () => {
    const differing: string[] = []
    for await (const file of glob([`{${parts.join(',')}}/**/*.*`, '.*.cjs'], { cwd: copy })) {
      const [before, after] = await Promise.all([textOf(join(root, file)), textOf(join(copy, file))])
      if (before !== after) differing.push(file)
    }
    expect(differing.toSorted()).toEqual([...new Set(steps.map(({ file }) => file))].toSorted())
  })

  it('leaves the layers as they should be', { timeout: slow }, async () => {
    const options = await extractOptions(join(root, '.dependency-cruiser.cjs'))
    const place = { baseDir: copy, preserveSymlinks: true }
    const { output } = await cruise(['functions', 'shared', 'local/azure'], { ...options, ...place })
    const { modules, summary } = output as ICruiseResult
    expect(modules.map(({ source }) => source)).toEqual(expect.arrayContaining(addedModules))
    expect(summary.violations.map(({ from, to, rule }) => `${from} ${to} ${rule.name}`)).toEqual([])
  })

  it('leaves the words and the format as they should be', async () => {
    const rules = await resolveConfig(join(copy, 'shared/app.ts'))
    for (const file of new Set(steps.map((step) => step.file))) {
      const text = await readFile(join(copy, file), 'utf8')
      expect(withExceptions(findWords(file, text, replacedWords), exceptions).left).toEqual([])
      const isFormatted = file.endsWith('.md') || (await check(text, { ...rules, filepath: file }))
      expect([file, isFormatted]).toEqual([file, true])
    }
  })

  it('leaves types that agree', { timeout: slow }, async () => {
    const include = [
      'functions',
      'shared',
      'local/azure/private-link',
      'test/unit/policy',
      'test/unit/private-link',
    ]
    const changed = steps.map(({ file }) => file).filter((file) => file.endsWith('.ts'))
    const config = { extends: './tsconfig.json', include: [...include, ...changed, 'test/global-setup.ts'] }
    await writeFile(join(copy, 'tsconfig.extended.json'), JSON.stringify(config))
    await run('node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.extended.json')
  })

  it.each(recipes)('names tests that are there: $title', async ({ tests }) => {
    expect(await Promise.all(tests.map((test) => textOf(join(copy, test))))).not.toContain(undefined)
  })

  it('names tests that pass', { timeout: slow }, async () => {
    const named = new Set(recipes.flatMap(({ tests }) => tests))
    const quick = [...named].filter((test) => test.startsWith('test/unit/'))
    await run('node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...quick)
  })
})

describe('after the changes', () => {
  it('a target of the new type is listed and approved', async () => {
    const wire = await load('test/unit/private-link/setting.ts')
    const { targetOf } = await load('test/unit/private-link/ids.ts')
    const target = targetOf('Contoso.Storage/vaults')
    const id = `${target.id}/privateEndpointConnections/c1`
    const shown = (status: string) => ({
      status: 200,
      body: wire.item(id, status, { groupIds: ['vault'], provisioningState: 'Succeeded' }),
    })
    const { connections, fake } = wire.setting({
      [`GET ${target.id}/privateEndpointConnections`]: {
        status: 200,
        body: { value: [shown('Pending').body] },
      },
      [`PUT ${id}`]: shown('Approved'),
      [`GET ${id}`]: shown('Approved'),
    })
    const connection = await wire.onlyOne(connections, target)
    expect(connection).toMatchObject({ status: 'Pending', groupIds: ['vault'] })
    await connections.apply(connection, { status: 'Approved', description: 'Approved, decision d1' })
    expect((await connections.read(connection))?.status).toBe('Approved')
    expect(fake.calls.map(({ url }) => url.searchParams.get('api-version'))).toContain('2026-01-01')
  })

  it('a requester of the new kind is asked', async () => {
    const { requesterApis } = await load('shared/private-link/requesters/all.ts')
    const { clientOf, fakeAzure } = await load('test/unit/private-link/fake-azure.ts')
    const { targetOf } = await load('test/unit/private-link/ids.ts')
    const hub = targetOf('Contoso.Integration/hubs', 'hub-prod')
    const body = { value: [{ name: 'to-lake', properties: { endpointName: 'hub-1a2b' } }] }
    const arm = clientOf(fakeAzure({ [`GET ${hub.id}/outboundEndpoints`]: { status: 200, body } }))
    const apis = requesterApis(arm, { ...clouds.public, fabric: undefined }, () => () => arm)
    const api = apis.find(({ kind }) => (kind as string) === 'contoso-hub')
    expect(await api?.managedEndpoints(hub)).toMatchObject([{ name: 'to-lake', endpointName: 'hub-1a2b' }])
  })

  it('the new route answers in the built app', { timeout: slow }, async () => {
    const { buildApp } = await load('build/app.ts')
    const appFolder = join(copy, 'dist/app')
    const [azurite] = await Promise.all([startAzurite(), buildApp(appFolder)])
    onTestFinished(() => azurite.stop())
    const functions = await startFunctionsApp({
      appFolder,
      port: 0,
      keysFile: join(copy, 'keys.json'),
      environment: { AzureWebJobsStorage: azurite.connectionString, ARM_ENDPOINT: 'https://localhost:1' },
      onLine: () => undefined,
    })
    onTestFinished(() => functions.stop())
    const address = `${functions.origin}/targets/unfinished`
    const headers = { 'x-functions-key': functions.keys.functionKey }
    expect((await fetch(address)).status).toBe(401)
    expect(await (await fetch(address, { headers })).json()).toEqual({ value: [] })
  })
})

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}
