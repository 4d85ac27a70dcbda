interface CodeFacts {
  /** What was found, as a sentence. */
  readonly meaning: string
  /** What the approver can do. */
  readonly advice: string
  /** True when the review passes that follow in the next minutes may find it otherwise. */
  readonly isTransient: boolean
}

const waitOrAsk = 'Nothing for four minutes; after that, ask the requester.'
const compare = "Compare with the requester's owner before approving by hand."
const refuse = 'Reject it, unless its owner can explain it.'

/** Why a requester is not confirmed. Codes are stable: they appear in the log, in messages and in the API. */
export const refusalCodes = {
  'no-endpoint-id': {
    meaning: 'Azure does not show which endpoint stands behind the connection.',
    advice: "Find the endpoint at the requester's side by its owner.",
    isTransient: false,
  },
  'endpoint-id-unreadable': {
    meaning: 'Azure shows something in place of the id of the endpoint that is no such id.',
    advice: 'Look at the connection in the portal; do not trust the name it shows.',
    isTransient: false,
  },
  'tenant-unknown': {
    meaning: "Azure did not say, or not beyond doubt, which tenant owns the endpoint's subscription.",
    advice: 'Read the sentence and the log; an unknown login host belongs into `LOGIN_HOSTS`.',
    isTransient: true,
  },
  'tenant-not-managed': {
    meaning: "It is named like a listed requester's endpoint and lies in a tenant without managed networks.",
    advice: 'Reject it, unless the tenant belongs into `MANAGED_TENANTS`: its owner knows.',
    isTransient: false,
  },
  'no-rule-names-a-requester': {
    meaning: 'No rule for this target names a requester that the endpoint could belong to.',
    advice: 'Add a rule, if the request is a good one.',
    isTransient: false,
  },
  'too-many-candidates': {
    meaning: 'Rules name more requesters for this target than are asked about one connection.',
    advice: 'Narrow the targets of those rules.',
    isTransient: false,
  },
  'requester-not-found': {
    meaning: 'The requester does not exist, or hides itself from this app.',
    advice:
      'Remove the rule, or give the app permission to read. The name may belong to somebody else by now.',
    isTransient: false,
  },
  'no-such-managed-endpoint': {
    meaning: 'The requester has no such managed endpoint for this target.',
    advice: refuse,
    isTransient: false,
  },
  'managed-endpoint-ambiguous': {
    meaning: 'More than one managed endpoint fits.',
    advice: 'Have the requester remove the one that is too many.',
    isTransient: false,
  },
  'managed-endpoint-not-ready': {
    meaning: 'The managed endpoint is still being made; its own connection has not arrived yet.',
    advice: waitOrAsk,
    isTransient: true,
  },
  'managed-endpoint-not-pending': {
    meaning: 'The managed endpoint was decided, failed, has expired or is being deleted.',
    advice: 'Have the requester make it anew, if it is still wanted.',
    isTransient: false,
  },
  'endpoint-id-differs': {
    meaning: 'The requester says that its endpoint is another one.',
    advice: refuse,
    isTransient: false,
  },
  'endpoint-not-disclosed': {
    meaning:
      'The requester has an endpoint for this target, and nothing shows whether it is the one that asks.',
    advice: compare,
    isTransient: false,
  },
  'group-ids-differ': {
    meaning: 'The target shows other group ids than the second witness states.',
    advice: refuse,
    isTransient: false,
  },
  'competing-claim': {
    meaning: 'Another connection of the target, not Disconnected, has an endpoint of the same name.',
    advice: 'Find out which of the two is whose; decide it by hand and remove the other.',
    isTransient: false,
  },
  'competing-claim-hidden': {
    meaning: 'Another connection of the target waits and does not show its endpoint: it may be the true one.',
    advice: 'Find out which of the two is whose; decide it by hand and remove the other.',
    isTransient: false,
  },
  'competing-claim-unexplained': {
    meaning:
      "Another connection waits that the requester's list does not explain; how its endpoints are called is only inferred.",
    advice: 'Compare the connections of the target in the portal.',
    isTransient: true,
  },
  'competing-claims-unknown': {
    meaning: 'The other connections of the target could not be read whole; one may claim the same.',
    advice: 'Compare the connections of the target in the portal.',
    isTransient: true,
  },
  'endpoint-points-elsewhere': {
    meaning: 'The ordinary endpoint itself does not name this target.',
    advice: refuse,
    isTransient: false,
  },
  'endpoint-not-pending': {
    meaning: 'The ordinary endpoint itself is not waiting.',
    advice: 'Have its owner make the connection anew.',
    isTransient: false,
  },
  'endpoint-not-readable': {
    meaning: 'The ordinary endpoint lies where this app cannot read it, in another tenant as a rule.',
    advice: 'Ask its owner. A rule with `proof` `platform` can name its subscription or tenant.',
    isTransient: false,
  },
  'endpoint-not-found': {
    meaning: 'The ordinary endpoint does not exist any more.',
    advice: 'Remove the connection.',
    isTransient: false,
  },
  'could-not-ask': {
    meaning: 'Azure Resource Manager, or an endpoint, gave an error or no response.',
    advice: 'On 401 or 403 give the app permission to read; otherwise wait for the next review pass.',
    isTransient: true,
  },
  'data-plane-refused': {
    meaning: "The requester's own service refused this app: 401 or 403.",
    advice: "Give the app a role inside the service and let it through the service's firewall.",
    isTransient: true,
  },
  'response-not-understood': {
    meaning: 'The response of the requester cannot be read whole.',
    advice: compare,
    isTransient: true,
  },
  'no-way-to-ask': {
    meaning: 'No address is known at which requesters of this kind are asked.',
    advice: 'Set the address of the service, if this cloud has it.',
    isTransient: false,
  },
  'could-not-compare': {
    meaning: 'A requester that can never be confirmed could not be asked whether it waits for this target.',
    advice: compare,
    isTransient: false,
  },
} as const satisfies Record<string, CodeFacts>

export type RefusalCode = keyof typeof refusalCodes

/** True when the review passes that follow in the next minutes may find it otherwise. */
export function isTransientRefusal(code: RefusalCode): boolean {
  return refusalCodes[code].isTransient
}
