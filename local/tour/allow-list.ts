import type { Places } from './places.ts'

/** A row of the allow-list as any Table client writes it. */
export interface AllowListRow {
  readonly partitionKey: 'rule'
  readonly rowKey: string
  readonly effect: 'allow' | 'deny'
  readonly target: string
  readonly requester?: string
  readonly groupIds?: string
  readonly owner: string
  readonly justification: string
}

/** The allow-list of the tour. `managed` are the resource groups that Purview manages. */
export function allowListOf(places: Places, managed: readonly string[]): readonly AllowListRow[] {
  const { run } = places
  return [
    allow(`sales-to-lake-${run}`, places.salesFactory, places.lake, 'blob,dfs'),
    allow(`sales-to-landing-${run}`, places.salesFactory, places.landing, 'blob,dfs'),
    allow(`sales-to-sql-${run}`, places.salesFactory, places.sql, 'sqlServer'),
    allow(`sales-to-vault-${run}`, places.salesFactory, places.vault),
    allow(`graph-connect-${run}`, places.workspace, places.lake, 'blob,dfs'),
    allow(`purview-itself-${run}`, places.purview, places.purview),
    ...[places.catalog, places.catalogNew].map((account, index) =>
      allow(`sales-to-catalog-${index + 1}-${run}`, places.salesFactory, account),
    ),
    allow(`sales-to-lineage-${run}`, places.salesFactory, places.events),
    ...managed.map((resourceGroup, index) => ({
      ...allow(
        `managed-${index + 1}-${run}`,
        index === 0 ? places.purview : places.salesFactory,
        resourceGroup,
      ),
      justification: 'Resources that Purview manages for the account',
    })),
    {
      ...row(`payroll-stays-private-${run}`, places.payroll),
      effect: 'deny',
      justification: 'Nothing connects to payroll',
    },
    allow(`sales-to-payroll-${run}`, places.salesFactory, places.payroll),
    allow(`sales-to-archive-${run}`, places.salesFactory, places.archive),
    allow(`retired-to-archive-${run}`, places.retiredFactory, places.archive),
    allow(`sales-to-burst-${run}`, places.salesFactory, places.burst),
    allow(`sales-to-unknown-${run}`, places.salesFactory, places.unknownType),
    allow(`sales-to-chaos-${run}`, places.salesFactory, places.chaos),
  ]
}

function allow(id: string, requester: string, target: string, groupIds?: string): AllowListRow {
  return { ...row(id, target), requester, ...(groupIds ? { groupIds } : {}) }
}

function row(id: string, target: string): AllowListRow {
  return {
    partitionKey: 'rule',
    rowKey: id,
    effect: 'allow',
    target,
    owner: 'data-platform@contoso.example',
    justification: 'The tour',
  }
}
