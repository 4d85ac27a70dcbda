import type { Caller, JsonObject } from './http/exchange.ts'

/** Any ARM resource. `body` holds the members of a PUT other than location, tags and properties (sku, kind, …). */
export interface Resource {
  readonly id: string
  readonly type: string
  readonly name: string
  location: string
  tags: Record<string, string>
  body: JsonObject
  properties: JsonObject
  etag: string
}

/** A resource group. */
export interface ResourceGroup {
  readonly id: string
  readonly name: string
  readonly subscriptionId: string
  location: string
  tags: Record<string, string>
}

/** Statuses of a connection. */
export type ConnectionStatus = 'Pending' | 'Approved' | 'Rejected' | 'Disconnected'

/** A private endpoint connection on a target. */
export interface Connection {
  readonly name: string
  readonly targetId: string
  /** Newer Purview accounts keep connections to their ingestion storage in a list of its own. */
  readonly ingestion: boolean
  endpointId: string
  readonly endpointLocation: string
  groupIds: string[]
  status: ConnectionStatus
  description: string
  /** What is shown as status while a write is under way, if the type shows something of its own then. */
  statusMeanwhile?: string
  provisioningState: string
  etag: string
  /** The status before the last change, and when that was (ms since 1970): Resource Graph shows changes late. */
  formerStatus: ConnectionStatus | null
  statusSince: number
}

/** The service that created a managed private endpoint. */
export type RequesterKind =
  | 'dataFactory'
  | 'synapse'
  | 'purview'
  | 'kusto'
  | 'grafana'
  | 'search'
  | 'frontDoor'
  | 'fabric'
  | 'databricks'

/** A managed private endpoint as its requester stores it. Its state is that of the endpoint behind it. */
export interface ManagedEndpoint {
  readonly kind: RequesterKind
  readonly requesterId: string
  /** Empty where the requester has no networks to choose from. */
  readonly network: string
  /** Its name in its requester's own calls. */
  readonly name: string
  readonly targetId: string
  /** The first of its groups, empty when it has none. */
  readonly groupId: string
  readonly fqdns: string[]
  readonly endpointId: string
  readonly etag: string
  /** What its kind repeats from the creation. */
  readonly given: JsonObject
}

/** An advanced filter of an event subscription, as written. */
export interface AdvancedFilter {
  readonly operatorType: string
  readonly key: string
  readonly value?: unknown
  readonly values?: unknown[]
}

/** An Event Grid event subscription. */
export interface EventSubscription {
  readonly id: string
  readonly name: string
  /** Events of resources at or below this scope are delivered. */
  readonly scope: string
  readonly topicType: string
  readonly topic: string
  readonly endpointUrl: string
  /** The resource id of the function behind `endpointUrl`; undefined for a webhook. */
  readonly functionId?: string
  readonly schema: 'EventGridSchema' | 'CloudEventSchemaV1_0'
  readonly includedEventTypes: string[] | null
  readonly subjectBeginsWith: string
  readonly subjectEndsWith: string
  readonly caseSensitive: boolean
  readonly advancedFilters: AdvancedFilter[]
  readonly maxAttempts: number
  readonly timeToLiveMinutes: number
  provisioningState: 'Succeeded' | 'AwaitingManualAction'
  readonly validationCode: string
}

/** The delivery of one event to one event subscription. */
export interface Delivery {
  readonly id: string
  readonly subscriptionId: string
  readonly event: GridEvent
  readonly createdAt: number
  attempts: { at: string; status: number | null; error: string | null }[]
  outcome: 'pending' | 'delivered' | 'dropped'
  reason: string | null
  nextAttemptAt: number | null
}

/** An event in neither of the two schemas yet. */
export interface GridEvent {
  readonly id: string
  readonly topic: string
  readonly subject: string
  readonly eventType: string
  readonly eventTime: string
  readonly data: JsonObject
}

/** A long-running operation. */
export interface Operation {
  readonly id: string
  readonly resourceId: string
  readonly startTime: string
  status: 'InProgress' | 'Succeeded' | 'Failed'
  error: { code: string; message: string } | null
  /** Its result is returned with 200 and says in its body that it failed. */
  failsWith200?: boolean
}

/** What the Activity Log knows of one call. */
export interface ActivityRecord {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly resourceUri: string
  readonly operationName: string
  readonly method: string
  readonly caller: Caller
}

/** A management group below the root group of its tenant, which always exists. */
export interface ManagementGroup {
  readonly name: string
  readonly tenantId: string
  displayName: string
  /** Name of the group above. */
  parent: string
}

/** What is above resource groups, as saved. */
export interface GovernanceState {
  /** By subscription id. */
  readonly subscriptionTags: [string, Record<string, string>][]
  readonly managementGroups: ManagementGroup[]
  /** Subscription id and name of the management group right above it. */
  readonly subscriptionParents: [string, string][]
  /** Names of management groups. */
  readonly hiddenGroups: string[]
}

/** All that survives a restart. Optional members are missing in files of earlier versions. */
export interface State {
  version: 1
  resourceGroups: ResourceGroup[]
  resources: Resource[]
  connections: Connection[]
  managedEndpoints: ManagedEndpoint[]
  eventSubscriptions: EventSubscription[]
  pendingDeliveries: Delivery[]
  governance?: GovernanceState
  activityLog?: ActivityRecord[]
}
