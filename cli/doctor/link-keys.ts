import { visible } from '../../shared/domain/printable.ts'
import { StoredKeys, type StoredLinkKeys } from '../../shared/links/storage/stored-keys.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import { type CheckRun, pass, type Patient, warn } from './check.ts'

/** Whether there are keys that sign the links in messages. */
export const checkLinkKeys: CheckRun = async (patient) => {
  const stored = await read(patient)
  if (!stored)
    return warn('There are no keys: messages have no links yet.', 'Start the app once; it makes them.')
  const { current, previous } = stored.keys
  const before = previous ? `; links of ${visible(previous.id)} still work` : ''
  return pass(
    `Links are signed by the key ${visible(current.id)} of ${current.madeAt.toISOString().slice(0, 10)}${before}.`,
  )
}

/** It only reads: keys are made by the app. @throws Error for a row that cannot be read. */
async function read({ run }: Patient): Promise<StoredLinkKeys | undefined> {
  const keys = new StoredKeys(await run.connected.table('links'), () => '', run.now)
  try {
    return await keys.read()
  } catch (error) {
    if (isTableMissing(error)) return undefined
    throw error
  }
}
