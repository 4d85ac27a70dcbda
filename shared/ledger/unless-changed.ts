import { RowChanged } from '../storage/guarded-table.ts'

/** The result of a write; undefined when the row was changed meanwhile. */
export async function unlessChanged<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof RowChanged)) throw error
    return undefined
  }
}
