import { embedding, usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { bothLinks, shownAtOnce, shownAtTheEnd } from './write-styles.ts'

/** Machine learning, search, media and health. */
export const learning: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.MachineLearningServices/workspaces',
    groupIds: ['amlworkspace'],
  },
  {
    ...usual,
    type: 'Microsoft.MachineLearningServices/registries',
    list: 'not played',
    verb: 'none',
    groupIds: ['amlregistry'],
    groupIdShown: 'groupIds',
    embedded: {
      property: 'registryPrivateEndpointConnections',
      members: ['id', 'location', 'properties'],
      stateName: 'registryPrivateLinkServiceConnectionState',
    },
  },
  {
    ...usual,
    type: 'Microsoft.CognitiveServices/accounts',
    groupIds: ['account'],
    groupIdShown: 'groupIds',
    embedded: embedding('id', 'name', 'type', 'etag', 'properties'),
    write: shownAtTheEnd(bothLinks, 'Creating'),
    etag: 'etag',
  },
  {
    ...usual,
    type: 'Microsoft.Search/searchServices',
    groupIds: ['searchService'],
    groupIdShown: 'groupId',
    failedState: 'Incomplete',
    globalName: true,
    missing: { get: 404, delete: 404 },
  },
  {
    ...usual,
    type: 'Microsoft.Discovery/bookshelves',
    list: 'not played',
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Discovery/workspaces',
    list: 'not played',
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.OnlineExperimentation/workspaces',
    list: 'not played',
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.VideoIndexer/accounts',
    groupIds: ['avi'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Media/mediaservices',
    groupIds: ['keydelivery', 'liveevent', 'streamingendpoint'],
    embedded: 'no',
    stateExtra: 'none',
  },
  {
    ...usual,
    type: 'Microsoft.Media/videoAnalyzers',
    embedded: 'no',
    stateExtra: 'none',
    write: shownAtOnce(201, bothLinks, 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.HealthcareApis/services',
    groupIds: ['fhir'],
    write: shownAtOnce(200, [], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.HealthcareApis/workspaces',
    groupIds: ['healthcareworkspace'],
    write: shownAtOnce(200, [], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.HealthDataAIServices/deidServices',
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
]
