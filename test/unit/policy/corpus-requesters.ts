import type { ManagedKind } from '../../../shared/domain/requester-kind.ts'
import { anyName } from './corpus-names.ts'
import type { Random } from './corpus-random.ts'

interface Form {
  /** An id of that kind; `*` stands for a GUID. */
  readonly id: string
  /** What tells such an id from others, in lower case. */
  readonly form: string
  readonly endpointName: (requester: string, random: Random) => string
  /** How often somebody is confirmed where one of them asks. Where none ever is, such a proof is an odd one. */
  readonly confirmed: number
}

/** How each kind of requester in a managed network is written, and how its endpoints are called. */
export const requesterForms: Readonly<Record<ManagedKind, Form>> = {
  'data-factory': named('Microsoft.DataFactory/factories', dotted, 0.75),
  'synapse-workspace': named('Microsoft.Synapse/workspaces', dotted, 0.75),
  'purview-account': named('Microsoft.Purview/accounts', dotted, 0.75),
  'fabric-workspace': {
    id: '/fabric/workspaces/*',
    form: '/fabric/',
    endpointName: dotted,
    confirmed: 0.75,
  },
  'databricks-network': {
    id: '/databricks/accounts/*/networkConnectivityConfigs/*',
    form: '/databricks/',
    endpointName: anyhow,
    confirmed: 0.75,
  },
  'kusto-cluster': named('Microsoft.Kusto/clusters', anyhow, 0.35),
  grafana: named('Microsoft.Dashboard/grafana', anyhow, 0.35),
  'search-service': named('Microsoft.Search/searchServices', anyhow, 0.35),
  'front-door': named('Microsoft.Cdn/profiles', anyhow, 0.35),
}

/** Every kind of requester in a managed network. */
export const managedKinds = Object.keys(requesterForms) as readonly ManagedKind[]
/** Those outside of groups twice as often, for they are changed in fewer ways. */
const kindsToPick = [
  ...managedKinds,
  ...managedKinds.filter((kind) => isOutsideGroups(requesterForms[kind].id)),
]
const guids = [1, 2, 3].map((number) => `fabfffff-5eed-4bad-8cab-00000000000${number}`)

/** An id of a requester of any kind. Those outside of resource groups have GUIDs for group and name. */
export function anyManagedRequester(groupId: string, name: string, random: Random): string {
  return requesterForms[random.pick(kindsToPick)].id
    .replace('{group}', () => groupId)
    .replace('{name}', () => name)
    .replaceAll('*', () => random.pick(guids))
}

/** What kind of requester in a managed network has an id like this; undefined when none has. */
export function managedKindOf(requester: string): ManagedKind | undefined {
  const text = requester.toLowerCase()
  return managedKinds.find((kind) => text.includes(requesterForms[kind].form))
}

/** True for an id of Fabric or Databricks, which lie in no resource group. */
export function isOutsideGroups(requester: string): boolean {
  return /^[/](fabric|databricks)[/]/i.test(requester)
}

function named(type: string, endpointName: Form['endpointName'], confirmed: number): Form {
  return {
    id: `{group}/providers/${type}/{name}`,
    form: `/${type.toLowerCase()}/`,
    endpointName,
    confirmed,
  }
}

function dotted(requester: string, random: Random): string {
  return `${requester.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}.${anyName('', random)}`
}

/** A name that tells nothing, whatever it looks like. */
function anyhow(requester: string, random: Random): string {
  const choice = random.below(8)
  if (choice === 0) return random.pick(guids)
  if (choice === 1) return `grafana-${requester}-${anyName('', random)}`
  return choice === 2 ? anyName('pe-', random) : dotted(requester, random)
}
