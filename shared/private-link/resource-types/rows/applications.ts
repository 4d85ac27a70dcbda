import type { ResourceType } from '../resource-type.ts'
import { row } from '../row.ts'

/** A rejected connection keeps Pending; the status itself says what is under way: Approving, Rejecting. */
const appServiceDone = ['Succeeded', 'Pending']

/** Web applications, APIs and desktops. */
export const applications: readonly ResourceType[] = [
  row({
    type: 'Microsoft.Web/sites',
    inResourceGraph: false,
    apiVersion: '2025-03-01',
    groupIds: 'absent',
    actionsRequired: '',
    doneStates: appServiceDone,
    knownGroupIds: ['sites'],
    notes:
      'Azure CLI registers no list for it, the specification has one. A rejected connection keeps the provisioning state Pending.',
  }),
  row({
    type: 'Microsoft.Web/sites/slots',
    inResourceGraph: false,
    apiVersion: '2025-03-01',
    groupIds: 'absent',
    actionsRequired: '',
    doneStates: appServiceDone,
    knownGroupIds: ['sites-{slot}'],
    notes: 'The group carries the name of the slot.',
  }),
  row({
    type: 'Microsoft.Web/staticSites',
    apiVersion: '2025-03-01',
    groupIds: 'absent',
    actionsRequired: '',
    doneStates: appServiceDone,
    knownGroupIds: ['staticSites'],
    notes: 'Items have neither name nor type.',
  }),
  row({
    type: 'Microsoft.Web/hostingEnvironments',
    inResourceGraph: false,
    apiVersion: '2025-03-01',
    groupIds: 'absent',
    doneStates: appServiceDone,
    knownGroupIds: ['hostingEnvironments'],
  }),
  row({
    type: 'Microsoft.ApiManagement/service',
    apiVersion: '2024-05-01',
    groupIds: 'absent',
    bodyMembers: ['id'],
    knownGroupIds: ['Gateway'],
    permissionsSeen: true,
    notes: 'Its own id in the body, without it 400. Names its operation in the Location of a 202.',
  }),
  row({
    type: 'Microsoft.AppConfiguration/configurationStores',
    apiVersion: '2024-06-01',
    groupIds: 'absent',
    knownGroupIds: ['configurationStores'],
  }),
  row({
    type: 'Microsoft.BotService/botServices',
    apiVersion: '2022-09-15',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['bot', 'Token'],
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.FluidRelay/fluidRelayServers',
    apiVersion: '2025-06-20-preview',
    listForm: 'embedded',
    groupIds: 'properties.groupIds',
    notes: 'No list is published: read inside the server.',
  }),
  row({
    type: 'Microsoft.DesktopVirtualization/hostPools',
    apiVersion: '2025-10-10',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['connection', 'hostpool'],
    mayBeAsync: false,
    notes: 'Documentation calls the group connection, the example hostpool.',
  }),
  row({
    type: 'Microsoft.DesktopVirtualization/workspaces',
    apiVersion: '2025-10-10',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['feed', 'global', 'workspace'],
    mayBeAsync: false,
    notes: 'Documentation calls the groups feed and global, the example workspace.',
  }),
]
