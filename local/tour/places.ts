import { analytics, dataPlatform, foreignSubscription } from '../azure/well-known.ts'

/** Names and ids of one run of the tour. Each run has its own, so that it can be repeated. */
export interface Places {
  readonly run: string
  readonly lake: string
  readonly landing: string
  /** The target of requesters other than the three of the source documents. */
  readonly shared: string
  readonly sql: string
  readonly vault: string
  readonly archive: string
  readonly payroll: string
  readonly events: string
  /** A target that no rule applies to. */
  readonly sealed: string
  /** The target of a burst. */
  readonly burst: string
  /** Of a type that is in no table. */
  readonly unknownType: string
  /** Of a type whose connections Azure offers no operation to approve or reject. */
  readonly chaos: string
  readonly salesFactory: string
  /** A factory of ours whose name gets another owner. */
  readonly retiredFactory: string
  readonly retiredFactoryAgain: string
  /** An unknown requester's factory and workspace; the workspace has the name of the sales factory. */
  readonly visitorFactory: string
  readonly competitor: string
  readonly unknownFactory: string
  readonly workspace: string
  readonly grafana: string
  readonly purview: string
  readonly catalog: string
  readonly catalogNew: string
}

/** Ids for a run; `run` is a few lower-case letters and digits. */
export function placesOf(run: string): Places {
  const own = (type: string, name: string) =>
    `${group(dataPlatform.subscriptionId, `rg-lake-${run}`)}/${type}/${name}${run}`
  const team = (type: string, name: string) =>
    `${group(analytics.subscriptionId, `rg-analytics-${run}`)}/${type}/${name}${run}`
  const theirs = (type: string, name: string) =>
    `${group(foreignSubscription.subscriptionId, `rg-elsewhere-${run}`)}/${type}/${name}${run}`
  return {
    run,
    lake: own('Microsoft.Storage/storageAccounts', 'stlake'),
    landing: own('Microsoft.Storage/storageAccounts', 'stlanding'),
    shared: own('Microsoft.Storage/storageAccounts', 'stshared'),
    sql: own('Microsoft.Sql/servers', 'sql-orders-'),
    vault: own('Microsoft.KeyVault/vaults', 'kv-orders-'),
    archive: own('Microsoft.Storage/storageAccounts', 'starchive'),
    payroll: own('Microsoft.KeyVault/vaults', 'kv-payroll-'),
    events: own('Microsoft.EventHub/namespaces', 'evh-lineage-'),
    sealed: own('Microsoft.Storage/storageAccounts', 'stsealed'),
    burst: own('Microsoft.Storage/storageAccounts', 'stburst'),
    unknownType: own('Contoso.Preview/vaults', 'cv-new-'),
    chaos: own('Microsoft.Chaos/privateAccesses', 'chaos-'),
    retiredFactory: team('Microsoft.DataFactory/factories', 'adf-retired-'),
    retiredFactoryAgain: theirs('Microsoft.DataFactory/factories', 'adf-retired-'),
    visitorFactory: theirs('Microsoft.DataFactory/factories', 'adf-visitor-'),
    competitor: theirs('Microsoft.Synapse/workspaces', 'adf-sales-'),
    salesFactory: team('Microsoft.DataFactory/factories', 'adf-sales-'),
    unknownFactory: team('Microsoft.DataFactory/factories', 'adf-nobody-knows-'),
    workspace: team('Microsoft.Synapse/workspaces', 'syn-graph-'),
    grafana: team('Microsoft.Dashboard/grafana', 'graf-ops-'),
    purview: team('Microsoft.Purview/accounts', 'pview-scan-'),
    catalog: team('Microsoft.Purview/accounts', 'pview-catalog-'),
    catalogNew: team('Microsoft.Purview/accounts', 'pview-modern-'),
  }
}

/** An ordinary endpoint of a foreign tenant, with any name. */
export function foreignEndpoint(name: string): string {
  return `${group(foreignSubscription.subscriptionId, 'rg-visitors')}/Microsoft.Network/privateEndpoints/${name}`
}

/** The last name in an id. */
export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

function group(subscriptionId: string, name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/${name}/providers`
}
