export const subscription = '11111111-1111-1111-1111-111111111111'
export const tenant = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
export const storageId = `/subscriptions/${subscription}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/stdata`
export const factoryId = `/subscriptions/${subscription}/resourceGroups/rg-adf/providers/Microsoft.DataFactory/factories/adf-prod`
export const endpointId = `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Network/privateEndpoints/pe-app`

/** What the service adds to every row. */
export const serviceColumns = {
  timestamp: '2026-11-21T08:00:00.1234567Z',
  etag: 'W/"datetime\'2026-11-21T08%3A00%3A00.1234567Z\'"',
}

export interface Row extends Record<string, unknown> {
  partitionKey: string
  rowKey: string
}

/** An allow of a factory on a storage account, as the Table client takes and gives a row. */
export function row(change: Record<string, unknown> = {}): Row {
  return {
    partitionKey: 'rule',
    rowKey: 'adf-to-blob',
    effect: 'allow',
    target: storageId,
    requester: factoryId,
    ...change,
  }
}
