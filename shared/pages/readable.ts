import { Refused } from '../http/refusals.ts'
import { StoredUnreadable } from '../ports/ledger.ts'

/** What is read for a page. @throws Refused where a row of it cannot be read. */
export async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof StoredUnreadable)) throw error
    throw new Refused('record-unreadable', '', { cause: error })
  }
}
