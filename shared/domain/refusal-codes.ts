interface CodeFacts {
  /** What was found, as a sentence. */
  readonly meaning: string
  /** What the approver can do. */
  readonly advice: string
  /** True when the review passes that follow in the next minutes may find it otherwise. */
  readonly isTransient: boolean
  readonly witness: Witness
}

/**
 * What a second witness says of the request.
 * - `contradicts`: it was heard, and the request does not fit: never approved.
 * - `not-heard`: there is none, or it could not be asked, or its response says nothing about this endpoint.
 * - `unreadable`: it lies where this app may not read. Only this fits an `allow` with proof `platform`.
 */
export type Witness = 'contradicts' | 'not-heard' | 'unreadable'

const strongestFirst: readonly Witness[] = ['contradicts', 'not-heard', 'unreadable']

const waitOrAsk = 'Nothing for four minutes; after that, ask the requester.'
const compare = "Compare with the requester's owner before approving by hand."
const refuse = 'Reject it, unless its owner can explain it.'

/** Why a requester is not confirmed. Codes are stable: they appear in the log, in messages and in the API. */
export const refusalCodes = {
  'no-endpoint-id': {
    meaning: 'Azure does not show which endpoint stands behind the connection.',
    advice: "Find the endpoint at the requester's side by its owner.",
    isTransient: false,
    witness: 'not-heard',
  },
  'endpoint-id-unreadable': {
    meaning: 'Azure shows something in place of the id of the endpoint that is no such id.',
    advice: 'Look at the connection in the portal; do not trust the name it shows.',
    isTransient: false,
    witness: 'contradicts',
  },
  'tenant-unknown': {
    meaning: "Azure did not say, or not beyond doubt, which tenant owns the endpoint's subscription.",
    advice: 'Read the sentence and the log; an unknown login host belongs into `LOGIN_HOSTS`.',
    isTransient: true,
    witness: 'not-heard',
  },
  'tenant-not-managed': {
    meaning: "It is named like a listed requester's endpoint and lies in a tenant without managed networks.",
    advice: 'Reject it, unless the tenant belongs into `MANAGED_TENANTS`: its owner knows.',
    isTransient: false,
    witness: 'contradicts',
  },
  'no-rule-names-a-requester': {
    meaning: 'No rule for this target names a requester that the endpoint could belong to.',
    advice: 'Add a rule, if the request is a good one.',
    isTransient: false,
    witness: 'not-heard',
  },
  'too-many-candidates': {
    meaning: 'Rules name more requesters for this target than are asked about one connection.',
    advice: 'Narrow the targets of those rules.',
    isTransient: false,
    witness: 'not-heard',
  },
  'requester-not-found': {
    meaning: 'The requester does not exist, or hides itself from this app.',
    advice:
      'Remove the rule, or give the app permission to read. The name may belong to somebody else by now.',
    isTransient: false,
    witness: 'contradicts',
  },
  'requester-not-healthy': {
    meaning: 'The requester is being deleted, has failed, or does not show that it is ready.',
    advice: 'Ask its owner; look again when the requester is ready.',
    isTransient: true,
    witness: 'contradicts',
  },
  'data-plane-address-differs': {
    meaning: 'The requester states another address of its service than the one that this app asks.',
    advice: 'Set the address of the service, if the stated one is right; otherwise reject it.',
    isTransient: false,
    witness: 'contradicts',
  },
  'no-such-managed-endpoint': {
    meaning: 'The requester has no such managed endpoint for this target.',
    advice: refuse,
    isTransient: false,
    witness: 'contradicts',
  },
  'managed-endpoint-ambiguous': {
    meaning: 'More than one managed endpoint fits.',
    advice: 'Have the requester remove the one that is too many.',
    isTransient: false,
    witness: 'contradicts',
  },
  'managed-endpoint-not-ready': {
    meaning: 'The managed endpoint is still being made; its own connection has not arrived yet.',
    advice: waitOrAsk,
    isTransient: true,
    witness: 'not-heard',
  },
  'managed-endpoint-not-pending': {
    meaning: 'The managed endpoint was decided, failed, has expired or is being deleted.',
    advice: 'Have the requester make it anew, if it is still wanted.',
    isTransient: false,
    witness: 'contradicts',
  },
  'endpoint-id-differs': {
    meaning: 'The requester says that its endpoint is another one.',
    advice: refuse,
    isTransient: false,
    witness: 'contradicts',
  },
  'endpoint-not-disclosed': {
    meaning:
      'The requester has an endpoint for this target, and nothing shows whether it is the one that asks.',
    advice: compare,
    isTransient: false,
    witness: 'not-heard',
  },
  'group-ids-differ': {
    meaning: 'The target shows other group ids than the second witness states.',
    advice: refuse,
    isTransient: false,
    witness: 'contradicts',
  },
  'competing-claim': {
    meaning: 'Another connection of the target, not Disconnected, has an endpoint of the same name.',
    advice: 'Find out which of the two is whose; decide it by hand and remove the other.',
    isTransient: false,
    witness: 'contradicts',
  },
  'competing-claim-hidden': {
    meaning: 'Another connection of the target waits and does not show its endpoint: it may be the true one.',
    advice: 'Find out which of the two is whose; decide it by hand and remove the other.',
    isTransient: false,
    witness: 'contradicts',
  },
  'competing-claim-unexplained': {
    meaning:
      "Another connection waits that the requester's list does not explain; how its endpoints are called is only inferred.",
    advice: 'Compare the connections of the target in the portal.',
    isTransient: true,
    witness: 'contradicts',
  },
  'competing-claims-unknown': {
    meaning: 'The other connections of the target could not be read whole; one may claim the same.',
    advice: 'Compare the connections of the target in the portal.',
    isTransient: true,
    witness: 'not-heard',
  },
  'endpoint-points-elsewhere': {
    meaning: 'The ordinary endpoint itself does not name this target.',
    advice: refuse,
    isTransient: false,
    witness: 'contradicts',
  },
  'endpoint-not-pending': {
    meaning: 'The ordinary endpoint itself is not waiting.',
    advice: 'Have its owner make the connection anew.',
    isTransient: false,
    witness: 'contradicts',
  },
  'endpoint-not-readable': {
    meaning: 'The ordinary endpoint lies where this app cannot read it, in another tenant as a rule.',
    advice: 'Ask its owner. A rule with `proof` `platform` can name its subscription or tenant.',
    isTransient: false,
    witness: 'unreadable',
  },
  'endpoint-not-found': {
    meaning: 'The ordinary endpoint does not exist any more.',
    advice: 'Remove the connection.',
    isTransient: false,
    witness: 'contradicts',
  },
  'could-not-ask': {
    meaning: 'Azure Resource Manager, or an endpoint, gave an error or no response.',
    advice: 'On 401 or 403 give the app permission to read; otherwise wait for the next review pass.',
    isTransient: true,
    witness: 'not-heard',
  },
  'data-plane-refused': {
    meaning: "The requester's own service refused this app: 401 or 403.",
    advice: "Give the app a role inside the service and let it through the service's firewall.",
    isTransient: true,
    witness: 'not-heard',
  },
  'response-not-understood': {
    meaning: 'The response of the requester cannot be read whole.',
    advice: compare,
    isTransient: true,
    witness: 'not-heard',
  },
  'no-way-to-ask': {
    meaning: 'No address is known at which requesters of this kind are asked.',
    advice: 'Set the address of the service, if this cloud has it.',
    isTransient: false,
    witness: 'not-heard',
  },
  'could-not-compare': {
    meaning: 'A requester that can never be confirmed could not be asked whether it waits for this target.',
    advice: compare,
    isTransient: false,
    witness: 'not-heard',
  },
} as const satisfies Record<string, CodeFacts>

export type RefusalCode = keyof typeof refusalCodes

/** True when the review passes that follow in the next minutes may find it otherwise. */
export function isTransientRefusal(code: RefusalCode): boolean {
  return refusalCodes[code].isTransient
}

/** What the second witnesses say together: one that contradicts outweighs all others. Undefined without a refusal. */
export function witnessOf(codes: readonly RefusalCode[]): Witness | undefined {
  return strongestFirst.find((witness) => codes.some((code) => refusalCodes[code].witness === witness))
}
