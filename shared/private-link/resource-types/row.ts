import type { ResourceType, States } from './resource-type.ts'

export type Columns = Pick<ResourceType, 'type' | 'apiVersion' | 'groupIds'> & Partial<ResourceType>

/** Spellings vary; none of them ever means success. */
export const usualFailures: readonly string[] = ['Failed', 'Canceled', 'Cancelled']

/** Words of Microsoft's schemas and examples, of whichever type. */
export const usualBusyStates: readonly string[] = [
  'Accepted',
  'Approving',
  'Creating',
  'Deleting',
  'DeletingByProxy',
  'Dropping',
  'InProgress',
  'Moving',
  'Pending',
  'Provisioning',
  'Rejecting',
  'Restoring',
  'Running',
  'Updating',
  'UpdatingByProxy',
  'Waiting',
]

export const usualStates: States = {
  doneStates: ['Succeeded'],
  busyStates: usualBusyStates,
  failureStates: usualFailures,
}

/** Reading the target, reading and writing its connections, and approving them. */
export function usualPermissions(type: string): readonly string[] {
  return [
    `${type}/read`,
    `${type}/privateEndpointConnections/read`,
    `${type}/privateEndpointConnections/write`,
    `${type}/privateEndpointConnectionsApproval/action`,
  ]
}

/** Defaults of most types; a row states only what differs. */
export function row({ type, apiVersion, groupIds, ...others }: Columns): ResourceType {
  return {
    type,
    list: 'connections',
    childTypes: ['privateEndpointConnections'],
    listForm: 'value-array',
    listPath: 'privateEndpointConnections',
    apiVersion,
    parentApiVersion: apiVersion,
    inResourceGraph: true,
    embeddedIn: 'properties.privateEndpointConnections',
    stateMember: 'privateLinkServiceConnectionState',
    readFrom: 'connection',
    writeForm: 'put-connection',
    description: 'sent',
    bodyMembers: [],
    actionsRequired: undefined,
    ifMatch: false,
    groupIds,
    knownGroupIds: [],
    mayBeAsync: true,
    ...usualStates,
    busyStates: usualBusyStates,
    endedStatuses: [],
    rejectIsFinal: false,
    alreadyDecidedCode: undefined,
    unknownConnectionCode: undefined,
    noListStatuses: [],
    permissions: usualPermissions(type),
    permissionsSeen: false,
    evidence: 'documented',
    notes: '',
    ...others,
  }
}
