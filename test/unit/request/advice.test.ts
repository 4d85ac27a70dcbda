import { expect, it } from 'vitest'
import { adviceOn } from '../../../shared/request/advice.ts'

it.each([
  ['AuthorizationFailed', /permission .* up to 30 minutes/],
  ['LinkedAuthorizationFailed', /permission/],
  ['RequestDisallowedByPolicy', /policy/],
  ['DenyAssignmentAuthorizationFailed', /deny assignment/],
  ['ScopeLocked', /lock/],
  ['MissingSubscriptionRegistration', /Register/],
  ['ReadOnlyDisabledSubscription', /subscription/],
  ['SomethingElse', /^Remove the cause$/],
])('the advice on %s says what to do', (code, said) => {
  expect(adviceOn(code)).toMatch(said)
})
