import { randomUUID } from 'node:crypto'
import { tableNames } from '../../shared/config/table-names.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import { sentenceOf } from '../command/explain-error.ts'
import { fail, type CheckRun, type Outcome, pass, type Patient, warn } from './check.ts'

const slowMilliseconds = 1_000
const role = 'Storage Table Data Contributor'
const grant = `Give the identity the role "${role}" on the storage account, and let it through the account's firewall.`

/** A role is suggested only when the service responded. */
export function fixFor(error: unknown, role: string): string {
  return (error as { statusCode?: number }).statusCode === undefined
    ? 'Look at the name of the account, at the network between here and there, and at who is signed in.'
    : role
}

/** Each table of the app: whether it is there and can be read. */
export const checkTables: CheckRun = async (patient) => {
  const names = Object.keys(tableNames) as (keyof typeof tableNames)[]
  const outcomes = await Promise.all(names.map((name) => tableOutcome(patient, name)))
  const bad = outcomes.filter(({ level }) => level !== 'pass')
  if (bad.length === 0) return pass(`All ${names.length} tables are there and can be read.`)
  return [...Map.groupBy(bad, ({ found }) => found).values()].flatMap((alike) => {
    const subject = alike.map((outcome) => outcome.subject).join(', ')
    return alike.slice(0, 1).map((outcome) => ({ ...outcome, subject }))
  })
}

async function tableOutcome({ run }: Patient, name: keyof typeof tableNames): Promise<Outcome> {
  const subject = tableNames[name]
  try {
    const pages = (await run.connected.tableClient(name)).listEntities().byPage({ maxPageSize: 1 })
    await pages.next()
    return pass('It can be read.', subject)
  } catch (error) {
    const found = sentenceOf(error)
    return isTableMissing(error)
      ? warn(found, 'Start the app once; it makes its tables.', subject)
      : fail(found, fixFor(error, grant), subject)
  }
}

/** Writes a row of its own into a partition that nothing else reads, and removes it again. */
export const checkTableWrite: CheckRun = async ({ run }) => {
  const table = await run.connected.table('requestIndex')
  const row = { partitionKey: 'doctor', rowKey: randomUUID(), columns: { at: run.now().toISOString() } }
  const startedAt = performance.now()
  try {
    const etag = await table.insert(row)
    await table.remove(row.partitionKey, row.rowKey, etag)
  } catch (error) {
    const found = sentenceOf(error)
    return isTableMissing(error)
      ? warn(found, 'Start the app once; it makes its tables.')
      : fail(`A row cannot be written and removed: ${found}`, fixFor(error, grant))
  }
  const milliseconds = Math.round(performance.now() - startedAt)
  const found = `A row of its own was written and removed in ${milliseconds} ms.`
  return milliseconds < slowMilliseconds
    ? pass(found)
    : warn(found, 'Run the app in the region of its storage account.')
}
