interface Advice {
  readonly code: RegExp
  readonly say: string
}

/** What people can do about a refusal whose cause passes, by Azure's code. Codes as Azure Resource Manager documents them. */
const advices: readonly Advice[] = [
  {
    code: /^(Linked)?AuthorizationFailed$/,
    say: 'Grant the identity of this app the permission that Azure names; a new role takes up to 30 minutes',
  },
  { code: /^RequestDisallowedBy/, say: 'Exempt the target from the policy that Azure names' },
  { code: /^DenyAssignment/, say: 'Exclude the identity of this app from the deny assignment' },
  { code: /^ScopeLocked$/, say: 'Remove the lock that Azure names' },
  {
    code: /^(MissingSubscriptionRegistration|SubscriptionNotRegistered)$/,
    say: 'Register the resource provider in the subscription',
  },
  { code: /^ReadOnlyDisabledSubscription$/, say: 'Reactivate the subscription' },
]

/** What to do about a refusal, as the beginning of a sentence. */
export function adviceOn(code: string): string {
  return advices.find((advice) => advice.code.test(code))?.say ?? 'Remove the cause'
}
