import { Governance } from './governance.ts'
import { idKey, nameKey } from './ids.ts'
import type {
  ActivityRecord,
  Connection,
  Delivery,
  EventSubscription,
  ManagedEndpoint,
  Operation,
  Resource,
  ResourceGroup,
  State,
} from './state.ts'
import { StateFile } from './state-file.ts'

const keptDeliveries = 1000
const keptOperations = 5000
const keptActivity = 2000

/** The key of a connection: its target, its list and its name. */
export function connectionKey(connection: Pick<Connection, 'targetId' | 'ingestion' | 'name'>): string {
  const list = connection.ingestion ? 'ingestionprivateendpointconnections' : 'privateendpointconnections'
  return `${idKey(connection.targetId)}/${list}/${nameKey(connection.name)}`
}

/** The key of a managed endpoint: its requester and its name. */
export function managedEndpointKey(endpoint: Pick<ManagedEndpoint, 'requesterId' | 'name'>): string {
  return `${idKey(endpoint.requesterId)}/managedprivateendpoints/${nameKey(endpoint.name)}`
}

/**
 * All state of the simulated Azure, in memory; saved to one JSON file shortly after a change (less often as the file
 * grows) and at `close`. Callers change the maps and then call `changed`.
 */
export class Store {
  readonly resourceGroups = new Map<string, ResourceGroup>()
  readonly resources = new Map<string, Resource>()
  readonly connections = new Map<string, Connection>()
  readonly connectionsByTarget = new Map<string, Set<string>>()
  readonly connectionByEndpoint = new Map<string, string>()
  readonly managedEndpoints = new Map<string, ManagedEndpoint>()
  readonly managedByEndpoint = new Map<string, Set<string>>()
  readonly eventSubscriptions = new Map<string, EventSubscription>()
  readonly deliveries = new Map<string, Delivery>()
  readonly operations = new Map<string, Operation>()
  readonly governance = new Governance()
  /** Oldest first. */
  readonly activityLog = new Set<ActivityRecord>()
  readonly #file: StateFile

  constructor(file: string | undefined) {
    this.#file = new StateFile(file, () => this.#state())
  }

  /** Reads what an earlier run saved. Throws when the file exists but is not of this kind. */
  async load(): Promise<void> {
    const state = await this.#file.read()
    if (state === undefined) return
    for (const group of state.resourceGroups) this.resourceGroups.set(idKey(group.id), group)
    for (const resource of state.resources) this.resources.set(idKey(resource.id), resource)
    for (const connection of state.connections) this.addConnection(connection)
    for (const endpoint of state.managedEndpoints) this.addManagedEndpoint(endpoint)
    for (const held of state.eventSubscriptions) this.eventSubscriptions.set(idKey(held.id), held)
    for (const delivery of state.pendingDeliveries) this.deliveries.set(delivery.id, delivery)
    for (const record of state.activityLog ?? []) this.activityLog.add(record)
    if (state.governance !== undefined) this.governance.load(state.governance)
  }

  /** Reports a change, so that it is saved soon. */
  changed(): void {
    this.#file.changed()
  }

  /** Saves what is not saved yet and waits for it. */
  close(): Promise<void> {
    return this.#file.close()
  }

  /** Deletes everything. */
  clear(): void {
    for (const part of [
      this.resourceGroups,
      this.resources,
      this.connections,
      this.connectionsByTarget,
      this.connectionByEndpoint,
      this.managedEndpoints,
      this.managedByEndpoint,
      this.eventSubscriptions,
      this.deliveries,
      this.operations,
      this.governance,
      this.activityLog,
    ]) {
      part.clear()
    }
    this.changed()
  }

  /** Adds a connection and its index entries. */
  addConnection(connection: Connection): void {
    const key = connectionKey(connection)
    this.connections.set(key, connection)
    const target = idKey(connection.targetId)
    const siblings = this.connectionsByTarget.get(target) ?? new Set<string>()
    siblings.add(key)
    this.connectionsByTarget.set(target, siblings)
    if (connection.status !== 'Disconnected') this.connectionByEndpoint.set(idKey(connection.endpointId), key)
    this.changed()
  }

  removeConnection(connection: Connection): void {
    const key = connectionKey(connection)
    this.connections.delete(key)
    this.connectionsByTarget.get(idKey(connection.targetId))?.delete(key)
    this.leaveEndpoint(connection)
  }

  /** Separates a connection from its endpoint for good: a new endpoint with the same id makes another connection. */
  leaveEndpoint(connection: Connection): void {
    const endpoint = idKey(connection.endpointId)
    const isIts = this.connectionByEndpoint.get(endpoint) === connectionKey(connection)
    if (isIts) this.connectionByEndpoint.delete(endpoint)
    this.changed()
  }

  /** Puts another endpoint behind a connection. */
  swapEndpoint(connection: Connection, endpointId: string): void {
    this.leaveEndpoint(connection)
    connection.endpointId = endpointId
    this.connectionByEndpoint.set(idKey(endpointId), connectionKey(connection))
    this.changed()
  }

  /** The connections of one target, oldest first. */
  connectionsOf(targetId: string, ingestion = false): Connection[] {
    const keys = this.connectionsByTarget.get(idKey(targetId)) ?? new Set<string>()
    return [...keys]
      .map((key) => this.connections.get(key))
      .filter((connection) => connection !== undefined)
      .filter((connection) => connection.ingestion === ingestion)
  }

  /** The connection that an endpoint made, if it still exists. */
  connectionOfEndpoint(endpointId: string): Connection | undefined {
    const key = this.connectionByEndpoint.get(idKey(endpointId))
    return key === undefined ? undefined : this.connections.get(key)
  }

  /** Adds a managed endpoint and its index entry. Several may share one private endpoint. */
  addManagedEndpoint(endpoint: ManagedEndpoint): void {
    const key = managedEndpointKey(endpoint)
    this.managedEndpoints.set(key, endpoint)
    const sharing = this.managedByEndpoint.get(idKey(endpoint.endpointId)) ?? new Set<string>()
    this.managedByEndpoint.set(idKey(endpoint.endpointId), sharing.add(key))
    this.changed()
  }

  removeManagedEndpoint(endpoint: ManagedEndpoint): void {
    const key = managedEndpointKey(endpoint)
    this.managedEndpoints.delete(key)
    this.managedByEndpoint.get(idKey(endpoint.endpointId))?.delete(key)
    this.changed()
  }

  /** True when a managed endpoint uses this private endpoint. */
  isManaged(endpointId: string): boolean {
    return (this.managedByEndpoint.get(idKey(endpointId))?.size ?? 0) > 0
  }

  /** Stores a delivery; removes the oldest finished ones beyond a thousand. */
  addDelivery(delivery: Delivery): void {
    this.deliveries.set(delivery.id, delivery)
    if (this.deliveries.size > keptDeliveries) {
      for (const held of this.deliveries.values()) {
        if (held.outcome === 'pending') continue
        this.deliveries.delete(held.id)
        break
      }
    }
    this.changed()
  }

  /** Stores a long-running operation; removes the oldest beyond five thousand. */
  addOperation(operation: Operation): void {
    this.operations.set(operation.id, operation)
    const [oldest] = this.operations.keys()
    if (this.operations.size > keptOperations && oldest !== undefined) this.operations.delete(oldest)
  }

  /** Stores a record of the Activity Log; removes the oldest beyond two thousand. */
  addActivity(record: ActivityRecord): void {
    this.activityLog.add(record)
    const [oldest] = this.activityLog
    if (this.activityLog.size > keptActivity && oldest !== undefined) this.activityLog.delete(oldest)
    this.changed()
  }

  #state(): State {
    return {
      version: 1,
      resourceGroups: [...this.resourceGroups.values()],
      resources: [...this.resources.values()],
      connections: [...this.connections.values()],
      managedEndpoints: [...this.managedEndpoints.values()],
      eventSubscriptions: [...this.eventSubscriptions.values()],
      pendingDeliveries: [...this.deliveries.values()].filter((delivery) => delivery.outcome === 'pending'),
      governance: this.governance.state(),
      activityLog: [...this.activityLog],
    }
  }
}
