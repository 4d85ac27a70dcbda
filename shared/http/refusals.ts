/** What a caller is refused for, and what they can do next. */
export interface RefusalText {
  readonly status: number
  readonly title: string
  readonly next: string
}

const askAnAdministrator = 'Ask whoever runs this app for help, and name the code below.'
const signInAgain = 'Sign in again.'
const newToken = 'Request a new token from the tenant that this app belongs to.'
const reload = 'Go back, reload the page, and try again.'

/** Every refusal of a call by its code. Codes are stable: people search for them, and programs compare them. */
export const refusals = {
  'sign-in-not-configured': {
    status: 503,
    title: 'Sign-in is not set up',
    next: 'Whoever runs this app sets it; docs/sign-in.md describes how.',
  },
  'not-signed-in': { status: 401, title: 'Sign in to see this page', next: 'Sign in.' },
  'session-unknown': {
    status: 401,
    title: 'You are not signed in any more',
    next: `The session was ended, here or by whoever runs this app. ${signInAgain}`,
  },
  'session-idle': {
    status: 401,
    title: 'Your session ended because it was not used',
    next: signInAgain,
  },
  'session-expired': {
    status: 401,
    title: 'Your session must be renewed',
    next: 'Sign in again; the tenant usually does not ask for anything.',
  },
  'role-not-sufficient': {
    status: 403,
    title: 'Your role does not allow this',
    next: 'Ask whoever assigns the roles of this app for a role that does.',
  },

  'sign-in-not-begun': {
    status: 400,
    title: 'This sign-in was not begun in this browser',
    next: 'Begin again from here, and do not follow a link that ends a sign-in which somebody else began.',
  },
  'state-other': {
    status: 400,
    title: 'This sign-in does not belong to the one that this browser began last',
    next: 'Another tab may have begun a sign-in in between. Begin again.',
  },
  'state-used': { status: 400, title: 'This sign-in was used already', next: 'Begin again.' },
  'nonce-other': {
    status: 400,
    title: 'The token belongs to another sign-in',
    next: 'Begin again.',
  },
  'other-person': {
    status: 409,
    title: 'The tenant now knows another person in this browser',
    next: 'Nothing was done in their name. Sign in, and choose who you are.',
  },
  'sign-in-denied': {
    status: 403,
    title: 'The tenant refused the sign-in',
    next: askAnAdministrator,
  },
  'code-refused': {
    status: 502,
    title: 'The tenant did not accept the end of the sign-in',
    next: `Begin again. If it fails again: ${askAnAdministrator}`,
  },
  'own-identity-unavailable': {
    status: 503,
    title: 'This app could not prove to the tenant who it is',
    next: 'Whoever runs this app finds the cause in its log; docs/sign-in.md describes the federated credential.',
  },
  'tenant-unavailable': {
    status: 503,
    title: 'The tenant could not be reached',
    next: 'Try again in a minute.',
  },

  'token-malformed': { status: 401, title: 'The token cannot be read', next: newToken },
  'token-unsigned': { status: 401, title: 'The token is not signed', next: newToken },
  'token-algorithm': {
    status: 401,
    title: 'The token is signed with another algorithm than RS256',
    next: newToken,
  },
  'token-key-unknown': {
    status: 401,
    title: 'The token is signed with a key that is not one of the tenant',
    next: newToken,
  },
  'token-signature': { status: 401, title: 'The signature of the token is wrong', next: newToken },
  'token-expired': { status: 401, title: 'The token has expired', next: newToken },
  'token-not-yet-valid': { status: 401, title: 'The token is not valid yet', next: newToken },
  'token-issuer': { status: 401, title: 'The token is of another issuer', next: newToken },
  'token-audience': {
    status: 401,
    title: 'The token is for another app',
    next: 'Request one for the client id of this app.',
  },
  'token-tenant': { status: 401, title: 'The token is of another tenant', next: newToken },
  'token-claim-missing': { status: 401, title: 'The token lacks a claim', next: askAnAdministrator },
  'token-not-for-calls': {
    status: 401,
    title: 'The token is not an access token',
    next: 'Send an access token, never an ID token.',
  },
  'token-scope-missing': {
    status: 403,
    title: 'The token of a person lacks the scope access_as_user',
    next: 'Request the scope access_as_user of this app.',
  },
  'machine-role-missing': {
    status: 403,
    title: 'The program has no app role of this app for programs',
    next: 'Assign Reader, Machine.Decide or RuleAdmin to its service principal.',
  },

  'role-missing': {
    status: 403,
    title: 'You have no role in this app',
    next: 'Ask whoever assigns the roles of this app for Reader, Approver or RuleAdmin.',
  },
  'guest-refused': {
    status: 403,
    title: 'Guests of the tenant cannot sign in here',
    next: 'Sign in with an account of the tenant itself.',
  },
  'guest-unknown': {
    status: 403,
    title: 'The token does not say whether you are a guest',
    next: 'Whoever runs this app adds the optional claim "acct" to the app registration.',
  },
  'groups-unreadable': {
    status: 403,
    title: 'You are in too many groups for the token, and this app may not read them',
    next: 'Whoever runs this app gives its identity the permission GroupMember.Read.All of Microsoft Graph.',
  },

  'origin-foreign': {
    status: 403,
    title: 'The request was sent by the page of another site',
    next: 'Nothing was done. Open the page here, and try again.',
  },
  'origin-unknown': {
    status: 403,
    title: 'The request does not say which page sent it',
    next: 'Nothing was done. Use a current browser, or call with a bearer token.',
  },
  'form-incomplete': { status: 400, title: 'The form was not complete', next: reload },
  'form-token-missing': { status: 403, title: 'The form was not complete', next: reload },
  'form-token-wrong': {
    status: 403,
    title: 'The form belongs to another session',
    next: reload,
  },
  'form-too-large': { status: 413, title: 'The form is too large', next: 'Shorten the text.' },

  'link-malformed': {
    status: 400,
    title: 'This link is not one of this app',
    next: 'A mail program may have cut it. Open the message again, or find the request among those that wait.',
  },
  'link-key-unknown': {
    status: 410,
    title: 'This link is too old',
    next: 'Nothing was decided by it. Find the request among those that wait.',
  },
  'link-signature': {
    status: 403,
    title: 'This link was not made by this app',
    next: 'Do not trust the message that it stands in, and report it. Find the request among those that wait.',
  },
  'link-expired': {
    status: 410,
    title: 'This link has expired',
    next: 'Nothing was decided by it. If the request still waits, it is among those that wait.',
  },
  'request-not-found': {
    status: 404,
    title: 'There is no such request',
    next: 'The address may have been cut. Find the request among those that wait.',
  },
  'case-not-found': {
    status: 404,
    title: 'There is no such case',
    next: 'The address may have been cut. What waits is on the first page.',
  },
  'record-unreadable': {
    status: 500,
    title: 'What is stored about this request cannot be read',
    next: 'Nothing is decided until it can. Whoever runs this app finds the row in its log.',
  },

  'storage-unavailable': {
    status: 503,
    title: 'The storage of this app does not respond',
    next: 'Nothing was decided. Try again in a minute.',
  },
  failed: {
    status: 500,
    title: 'This did not work',
    next: 'Nothing was decided. Try again; if it fails again, whoever runs this app finds the cause in its log.',
  },
} as const satisfies Record<string, RefusalText>

export type RefusalCode = keyof typeof refusals

/** A call is refused. `detail` is one more sentence for the caller, without secrets. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: RefusalCode
  readonly detail: string

  constructor(code: RefusalCode, detail = '', options?: ErrorOptions) {
    super(`${code}: ${refusals[code].title}. ${detail}`.trim(), options)
    this.code = code
    this.detail = detail
  }
}
