import { harmlessChangesAround } from './corpus-changes-around.ts'
import {
  inAnotherSubscription,
  withEndpoint,
  withGroups,
  withOtherGuid,
  withRequester,
  withRequesterInGroup,
  withRequesterOutsideGroups,
  type Change,
} from './corpus-edits.ts'
import { inOtherCase } from './corpus-names.ts'
import { anyTenant } from './corpus-places.ts'
import { managedKinds } from './corpus-requesters.ts'

/** Changes that make no rule mean a request less or more. */
export const harmlessChanges = {
  'target in other capitals': (draft, random) => ({ ...draft, target: inOtherCase(draft.target, random) }),
  'endpoint in other capitals': (draft, random) => withEndpoint(draft, (text) => inOtherCase(text, random)),
  'requester in other capitals': (draft, random) => withRequester(draft, (text) => inOtherCase(text, random)),
  'groups in other capitals': (draft, random) =>
    withGroups(draft, (groups) => groups.map((group) => inOtherCase(group, random))),
  'groups in another order': (draft, random) => withGroups(draft, (groups) => random.shuffled(groups)),
  'a group told twice': (draft) => withGroups(draft, (groups) => [...groups, ...groups]),
  ...harmlessChangesAround,
} satisfies Record<string, Change>

/** Changes of which each makes some rule no longer mean the request, or makes that uncertain. */
export const breakingChanges = {
  'a child of the target': (draft) => ({ ...draft, target: `${draft.target}/children/sink` }),
  'another subscription of the target': (draft, random) => ({
    ...draft,
    target: inAnotherSubscription(draft.target, random),
  }),
  'another subscription of the endpoint': (draft, random) =>
    withEndpoint(draft, (text) => inAnotherSubscription(text, random)),
  'another subscription of the requester': (draft, random) =>
    withRequesterInGroup(draft, (text) => inAnotherSubscription(text, random)),
  'another digit of a requester outside of groups': (draft, random) =>
    withRequesterOutsideGroups(draft, (text) => withOtherGuid(text, random)),
  'another type of requester': (draft) =>
    withRequesterInGroup(draft, (text) =>
      text.replace(
        /Microsoft[.](?!Network|Synapse)[^/]*[/][^/]*(?=[/][^/]*$)/i,
        'Microsoft.Synapse/workspaces',
      ),
    ),
  'a requester of another kind': (draft, random) =>
    draft.requester === undefined
      ? undefined
      : {
          ...draft,
          requesterKind: random.pick(managedKinds.filter((kind) => kind !== draft.requesterKind)),
        },
  'another requester': (draft, random, places) =>
    draft.requester === undefined
      ? undefined
      : { ...draft, requester: random.pick(places.managedRequesters) },
  'another endpoint': (draft, random, places) => ({ ...draft, endpoint: random.pick(places.endpoints) }),
  'no endpoint': (draft) => ({ ...draft, endpoint: undefined }),
  'an endpoint name without dots': (draft) =>
    withEndpoint(draft, (text) => text.replace(/[^/]*$/, (name) => name.replaceAll('.', '') || 'x')),
  'a group too many': (draft, random) =>
    withGroups(draft, (groups) =>
      random.shuffled([...groups, random.pick(['blob', 'vault', 'account', 'web'])]),
    ),
  'only a group that nobody knows': (draft) => withGroups(draft, () => ['unknown-group']),
  'no groups told': (draft) => ({ ...draft, groupIds: undefined, witnessedGroupIds: undefined }),
  'empty lists of groups': (draft) => ({ ...draft, groupIds: [], witnessedGroupIds: [] }),
  'a group that is an empty text': (draft) => withGroups(draft, () => ['']),
  'the target tells other groups than the witness': (draft) => ({
    ...draft,
    groupIds: ['other'],
    witnessedGroupIds: draft.groupIds ?? draft.witnessedGroupIds,
  }),
  'the platform only': (draft) => ({ ...draft, level: 'platform', requester: undefined }),
  'no proof': (draft) => ({
    ...draft,
    level: 'none',
    requester: undefined,
    tenantId: undefined,
    isManagedTenant: undefined,
  }),
  'no proof, but a tenant': (draft) => ({ ...draft, level: 'none', requester: undefined }),
  'no proof, but a requester': (draft, random, places) => ({
    ...draft,
    level: 'none',
    requester: draft.requester ?? random.pick(places.managedRequesters),
  }),
  'the platform, and a requester': (draft, random, places) => ({
    ...draft,
    level: 'platform',
    requester: draft.requester ?? random.pick(places.managedRequesters),
  }),
  'confirmed, and nobody named': (draft) => ({ ...draft, level: 'confirmed', requester: undefined }),
  'an unknown tenant': (draft) => ({ ...draft, tenantId: undefined }),
  'an unknown tenant with managed networks': (draft) => ({
    ...draft,
    tenantId: undefined,
    isManagedTenant: true,
  }),
  'an unknown tenant without managed networks': (draft) => ({
    ...draft,
    tenantId: undefined,
    isManagedTenant: false,
  }),
  'nobody knows whether the tenant has managed networks': (draft) => ({
    ...draft,
    isManagedTenant: undefined,
  }),
  'managed networks in the tenant': (draft) => ({ ...draft, isManagedTenant: true }),
  'another tenant': (draft, random) => ({
    ...draft,
    tenantId: anyTenant(random.pick(['own', 'managed', 'foreign'] as const), random),
  }),
} satisfies Record<string, Change>
