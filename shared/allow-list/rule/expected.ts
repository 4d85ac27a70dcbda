import { limits, type ContentField } from './fields.ts'

const time = 'a day such as 2027-01-31 or a time in UTC such as 2027-01-31T08:00:00Z'
const line = `one line of text of at most ${limits.name} characters`
const together = `at most ${limits.list} characters together`

const id = 'the id of the rule: 1 to 100 of A-Z, a-z, 0-9, dot, underscore and hyphen'
const types = 'such as Microsoft.Storage/storageAccounts'
const groups = 'such as blob, dfs, without *'
const approvers = 'object ids (GUIDs) or sign-in names such as anna@contoso.example'
const tags =
  `1 to ${limits.tags} tags; a name has at most ${limits.tagName} characters and none of <>%&\\?/,` +
  ` a value at most ${limits.tagValue}, and names differ by more than case`

/** What each field must hold as rows spell it. */
const expectedInRow: Readonly<Record<ContentField, string>> = {
  id,
  effect: 'allow, ask or deny',
  mode: 'enforce or audit (or left out for enforce)',
  target:
    '/subscriptions/{guid}, /subscriptions/{guid}/resourceGroups/{name} or the full id of a resource,' +
    ' with * only inside the name of a group or resource,' +
    ' or /providers/Microsoft.Management/managementGroups/{name}',
  targetTypes: `resource types separated by commas, ${types}, ${together}`,
  targetTags: `a JSON object such as {"environment":"prod"}, ${tags}`,
  groupIds: `group ids separated by commas, ${groups}, ${together}`,
  requester:
    'the full id of a data factory, Synapse workspace, Purview account, Data Explorer cluster, Grafana, AI Search' +
    ' service, Front Door profile or private endpoint, /fabric/workspaces/{guid},' +
    ' /databricks/accounts/{guid}/networkConnectivityConfigs/{guid}, a scope such as /subscriptions/{guid} or' +
    ' /subscriptions/{guid}/resourceGroups/{name}, /providers/Microsoft.Management/managementGroups/{name},' +
    ' or /tenants/{guid}',
  endpointName: `one name of at most ${limits.name} characters, in which * stands for any run of characters`,
  proof: 'confirmed or platform (or left out for confirmed)',
  maxConnections: `a whole number from 1 to ${limits.connections}`,
  validFrom: time,
  validUntil: time,
  approvalEndsAfter: `days such as P90D or hours such as PT8H, at most P${limits.approvalDays}D`,
  approvers: `${approvers}, separated by commas, ${together}`,
  requiredApprovals: `a whole number from 1 to ${limits.approvals} (or left out for 1)`,
  owner: line,
  justification: `text of at most ${limits.justification} characters`,
  ticket: line,
}

const { id: rowKey, ...columns } = expectedInRow

/** What each column of a rule's row must hold: said to whoever wrote the row when it does not. */
export const expectedInField: Readonly<Record<string, string>> = {
  PartitionKey: 'rule',
  RowKey: rowKey,
  ...columns,
  version: 'a whole number from 1 (or left out for 1)',
  changedBy: line,
  changedAt: time,
}

/** What each field of a rule in a file must hold. */
export const expectedInFile: Readonly<Record<ContentField, string>> = {
  ...expectedInRow,
  targetTypes: `a list of resource types, ${types}, ${together}`,
  targetTags: `names and values such as { environment: prod }, ${tags}`,
  groupIds: `a list of group ids, ${groups}, ${together}`,
  approvers: `a list of ${approvers}, ${together}`,
}
