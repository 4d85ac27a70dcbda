import { embedding, names, usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { shownAtTheEnd } from './write-styles.ts'

/** Networks. */
export const network: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.Network/privateLinkServices',
    embedded: embedding('id', 'name', 'type', 'etag', 'properties'),
    failedState: 'Canceled',
    etag: 'etag',
    connectionName: names.byEndpointAndDot,
    busy: { status: 429, code: 'RetryableErrorDueToAnotherOperation' },
    endpointDeleted: 'Disconnected',
    listed: ['id', 'name', 'etag', 'properties'],
    linkDetails: ['linkIdentifier', 'privateEndpointLocation'],
  },
  {
    ...usual,
    type: 'Microsoft.Network/applicationGateways',
    embedded: embedding('id', 'name', 'type', 'etag', 'properties'),
    failedState: 'Canceled',
    write: shownAtTheEnd(['Azure-AsyncOperation'], 'Updating'),
    etag: 'etag',
    connectionName: names.byEndpointAndDot,
    busy: { status: 429, code: 'RetryableErrorDueToAnotherOperation' },
    endpointDeleted: 'Disconnected',
    listed: ['id', 'name', 'etag', 'properties'],
  },
]
