import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AllowListStore } from '../../../shared/allow-list/table/store.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { adminOf, applied, newTable, rules } from './given.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

it('an apply that is killed in the middle leaves a list that decides nothing, and is finished by the next', async () => {
  const table = await newTable(azurite.connectionString)
  const program = `
    const { adminOf, author, clientOf, rules } = await import('${here}given.ts')
    const admin = adminOf(clientOf(process.env.STORAGE, '${table.tableName}'))
    const plan = admin.plan(await admin.read(), { rules: rules(1000), channels: [], routes: [] })
    await admin.apply(plan, author, (written) => console.log(written))
  `
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, STORAGE: azurite.connectionString },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')

  const load = () =>
    new AllowListStore(new GuardedTable(table), { cacheMilliseconds: 0, deadlineMilliseconds: 1 }).load()
  expect(await load()).toMatchObject({
    complete: false,
    problem: expect.stringContaining('is not finished: by "jo@contoso.example" with "rules.yaml"') as string,
  })
  const { unfinished, rules: half } = await adminOf(table).read()
  expect(unfinished).toMatchObject({ sequence: half.length })
  expect(half.length).toBeGreaterThan(0)
  expect(half.length).toBeLessThan(1000)

  expect(await applied(table, rules(1000))).toMatchObject({ changes: 1000 - half.length })
  const set = await load()
  expect(set).toMatchObject({ complete: true })
  expect(set.complete && set.rules.length).toBe(1000)
  expect(await adminOf(table).verifyHistory()).toEqual({ sound: 1000, broken: undefined })
})
