import type { ResourceType } from '../resource-type.ts'
import { row } from '../row.ts'

/** Devices and maps. */
export const devices: readonly ResourceType[] = [
  row({
    type: 'Microsoft.Devices/iotHubs',
    apiVersion: '2023-06-30',
    listForm: 'bare-array',
    description: 'required',
    groupIds: 'absent',
    knownGroupIds: ['iotHub'],
    doneStates: [],
    notes: 'The list is a bare array. Shows no provisioning state.',
  }),
  row({
    type: 'Microsoft.Devices/provisioningServices',
    apiVersion: '2022-12-12',
    listForm: 'bare-array',
    description: 'required',
    groupIds: 'absent',
    knownGroupIds: ['iotDps'],
    doneStates: [],
    notes: 'The list is a bare array. Shows no provisioning state.',
  }),
  row({
    type: 'Microsoft.DeviceUpdate/accounts',
    apiVersion: '2023-07-01',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['DeviceUpdate'],
  }),
  row({
    type: 'Microsoft.DigitalTwins/digitalTwinsInstances',
    apiVersion: '2023-01-31',
    description: 'required',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['API', 'digitalTwinsInstance'],
    doneStates: ['Approved', 'Rejected', 'Disconnected', 'Succeeded'],
    notes:
      'Its schema names the words of the statuses as provisioning states, its example Succeeded. Documentation and example name different groups.',
  }),
  row({
    type: 'Microsoft.IoTCentral/iotApps',
    apiVersion: '2021-11-01-preview',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['iotApp'],
    notes: 'A 200 may still name an operation to follow.',
  }),
  row({
    type: 'Microsoft.Maps/accounts',
    apiVersion: '2025-10-01-preview',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['mapsAccount'],
  }),
]
