import type { ConnectionList } from '../../domain/connection.ts'

/** Where a connection shows its groups: an array, one string, or nowhere. */
export type GroupIdPlace = 'properties.groupIds' | 'properties.groupId' | 'absent'

/**
 * How an answer is written.
 * - `put-connection`: PUT of the connection with the new state.
 * - `post-ingestion-status`: POST naming the endpoint, on the account; takes no description.
 */
export type AnswerForm = 'put-connection' | 'post-ingestion-status'

/**
 * How sure a row is.
 * - `documented`: read in Microsoft's published types, specification or documentation.
 * - `inferred`: at least one column is our own conclusion; the notes say which.
 */
export type Evidence = 'documented' | 'inferred'

/** One list of connections of one type of target. A new type is a new row in the table. */
export interface ResourceType {
  /** Spelled as Microsoft spells it; compared without regard to case. */
  readonly type: string
  readonly list: ConnectionList
  /** Type name of the connection in its id. */
  readonly childType: string
  /** Last segment of the list's address, which one type spells differently. */
  readonly listPath: string
  readonly apiVersion: string
  readonly answer: AnswerForm
  readonly groupIds: GroupIdPlace
  /** Provisioning states in which an answer has taken effect. */
  readonly doneStates: readonly string[]
  /** Provisioning states in which it never will. */
  readonly failureStates: readonly string[]
  /** True where a rejected connection can never be approved; the endpoint has to be made again. */
  readonly rejectIsFinal: boolean
  /** Error code that stands for "is in that state already". */
  readonly alreadyAnsweredCode: string | undefined
  /** Error code that stands for "there is no such connection", where that is not a 404. */
  readonly unknownConnectionCode: string | undefined
  /** Statuses by which the list says that the resource has no such list. */
  readonly noListStatuses: readonly number[]
  /** Permissions the app's identity needs on the target. */
  readonly permissions: readonly string[]
  readonly evidence: Evidence
  readonly notes: string
}
