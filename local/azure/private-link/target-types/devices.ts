import { usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { bothLinks, shownAtOnce, shownAtTheEnd } from './write-styles.ts'

/** Internet of Things and maps. */
export const devices: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.Devices/iotHubs',
    list: 'bare array',
    groupIds: ['iotHub'],
    description: 'mandatory',
    provisioningShown: false,
    write: shownAtOnce(201, [], 'Updating'),
    globalName: true,
  },
  {
    ...usual,
    type: 'Microsoft.Devices/provisioningServices',
    list: 'bare array',
    groupIds: ['iotDps'],
    description: 'mandatory',
    provisioningShown: false,
    write: shownAtOnce(201, [], 'Updating'),
    globalName: true,
  },
  {
    ...usual,
    type: 'Microsoft.DeviceUpdate/accounts',
    groupIds: ['DeviceUpdate'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.DigitalTwins/digitalTwinsInstances',
    groupIds: ['API', 'digitalTwinsInstance'],
    groupIdShown: 'groupIds',
    description: 'mandatory',
    write: shownAtTheEnd(bothLinks, 'Succeeded'),
    listed: ['id', 'properties'],
  },
  {
    ...usual,
    type: 'Microsoft.IoTCentral/iotApps',
    groupIds: ['iotApp'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(200, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Maps/accounts',
    groupIds: ['mapsAccount'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
]
