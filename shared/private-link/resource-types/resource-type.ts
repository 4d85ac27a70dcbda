import type { WriteSupport, ConnectionList } from '../../domain/connection.ts'

/**
 * How the connections of a target are found.
 * - `value-array`: a list of its own, in pages of `{value, nextLink}`.
 * - `bare-array`: a list of its own, an array and nothing around it.
 * - `embedded`: in the target itself, as objects or as plain ids; then each is read by its id.
 * - `unpublished`: neither is published. The usual address is tried.
 */
export type ListForm = 'value-array' | 'bare-array' | 'embedded' | 'unpublished'

/** Where a connection shows its groups: an array, one string, nowhere; `unpublished`: wherever it happens to. */
export type GroupIdPlace = 'properties.groupIds' | 'properties.groupId' | 'absent' | 'unpublished'

/**
 * How a decision is written.
 * - `put-connection`, `patch-connection`: the connection with the new state.
 * - `post-ingestion-status`: POST naming the endpoint, on the account; takes no description.
 * - `none`: no such operation is published. Connections are shown and never written.
 */
export type WriteForm = 'put-connection' | 'patch-connection' | 'post-ingestion-status' | 'none'

/** Whether a decision may, must or cannot carry a description. */
export type DescriptionUse = 'sent' | 'required' | 'read-only'

/**
 * A member of the body of a write.
 * - `id`, `name`: those of the connection, at the top.
 * - `groupIds`: as the connection shows them.
 * - `provisioningState`: `Succeeded`, as published.
 */
export type BodyMember = 'id' | 'name' | 'groupIds' | 'provisioningState'

/**
 * How sure a row is.
 * - `documented`: read in Microsoft's published types, specification or documentation.
 * - `from-tools`: the operations are known only from what Azure CLI or Azure PowerShell register.
 * - `inferred`: at least one column is our own conclusion; the notes say which.
 * - `discovered`: not in the table; the version was read from Azure, the rest are defaults.
 */
export type Evidence = 'documented' | 'from-tools' | 'inferred' | 'discovered'

/** One list of connections of one type of target. A new type is a new row in the table. */
export interface ResourceType {
  /** Spelled as Microsoft spells it; compared without regard to case. */
  readonly type: string
  readonly list: ConnectionList
  /** Type names of a connection in its id. */
  readonly childTypes: readonly string[]
  readonly listForm: ListForm
  /** Last segment of the list's address, which one type spells differently. */
  readonly listPath: string
  /** Of the connections and their list. The newest stable one; a preview only where there is no stable one. */
  readonly apiVersion: string
  /** Of the target itself, where its connections are read in it. */
  readonly parentApiVersion: string
  /** Whether Resource Graph shows the connections: it shows those in the target itself, at the usual path. */
  readonly inResourceGraph: boolean
  /** Path to the connections within the target. */
  readonly embeddedIn: string
  /** Name of the member with status and description. */
  readonly stateMember: string
  /** Whether one connection can be read by its id, or only found in the list. */
  readonly readFrom: 'connection' | 'list'
  readonly writeForm: WriteForm
  readonly description: DescriptionUse
  /** Members of the body that Microsoft's published examples have beyond those of most types. */
  readonly bodyMembers: readonly BodyMember[]
  /** What the body says of actions required of the requester, where the published examples have that member. */
  readonly actionsRequired: string | undefined
  /** True where a write carries the etag of the read before, so that it cannot overwrite another state. */
  readonly ifMatch: boolean
  readonly groupIds: GroupIdPlace
  /** As published. A part in braces is a name that the target defines. */
  readonly knownGroupIds: readonly string[]
  /** False where a write is finished when it is accepted. It is followed in the same way. */
  readonly mayBeAsync: boolean
  /** Provisioning states in which a write has taken effect; none where the type shows no such state. */
  readonly doneStates: readonly string[]
  /** Provisioning states in which it never will. */
  readonly failureStates: readonly string[]
  /** Provisioning states under way to one of the others. A word that is in none of the three is unknown. */
  readonly busyStates: readonly string[]
  /** Statuses of the type that mean Disconnected. */
  readonly endedStatuses: readonly string[]
  /** True where a rejected connection can never be approved; the endpoint has to be made again. */
  readonly rejectIsFinal: boolean
  /** Error code for "is in that state already". */
  readonly alreadyDecidedCode: string | undefined
  /** Error code for "there is no such connection", where that is not a 404. */
  readonly unknownConnectionCode: string | undefined
  /** Statuses that mean that the resource has no such list. */
  readonly noListStatuses: readonly number[]
  /** Permissions the app's identity needs on the target. */
  readonly permissions: readonly string[]
  /** True when all of them were seen in a built-in role or in Microsoft's documentation, not only derived. */
  readonly permissionsSeen: boolean
  readonly evidence: Evidence
  /** What is special, in a sentence or two; empty where nothing is. */
  readonly notes: string
}

/** Whether and how this app can apply decisions to connections of the type. */
export function writeSupportOf({ writeForm, description, evidence }: ResourceType): WriteSupport {
  if (evidence === 'discovered') return 'unlisted-type'
  if (writeForm === 'none') return 'no-operation'
  return description === 'read-only' ? 'without-description' : 'with-description'
}

/** The provisioning states of a type. */
export type States = Pick<ResourceType, 'doneStates' | 'busyStates' | 'failureStates'>
