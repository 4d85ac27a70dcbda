import { errorShapeNames, errorShapes } from '../../../local/azure/http/error-shapes.ts'
import { ok } from '../../forgery/arena.ts'
import type { Fault } from '../../support/persistent-world.ts'

/** How a fault is called, and the words of Azure in it that have to reach a person; undefined: it has none. */
export interface NamedFault {
  readonly title: string
  readonly words: string | undefined
  readonly play: Fault
}

const words = 'Azure says why'

/** Statuses of errors, each as a body that says why. */
const statuses = [400, 401, 403, 404, 405, 408, 409, 410, 412, 423, 424, 429, 500, 501, 502, 503, 504]

function withStatus(status: number, headers?: Record<string, string>): Fault {
  return () => ({
    status,
    body: { error: { code: `Fault${status}`, message: words } },
    ...(headers && { headers }),
  })
}

/** That something does not exist is said in words of this app: a 404 says no more. */
const wordsOf = (status: number) => (status === 404 ? undefined : words)

const errors: readonly NamedFault[] = statuses.map((status) => ({
  title: `${status}`,
  words: wordsOf(status),
  play: withStatus(status),
}))

const waits: readonly NamedFault[] = [429, 503].flatMap((status) =>
  ['0', '3600', '86400', 'Wed, 21 Oct 2099 07:28:00 GMT', 'soon'].map((retryAfter) => ({
    title: `${status} with Retry-After ${retryAfter}`,
    words,
    play: withStatus(status, { 'retry-after': retryAfter }),
  })),
)

const codes: readonly NamedFault[] = (
  [
    [403, 'AuthorizationFailed'],
    [403, 'RequestDisallowedByPolicy'],
    [403, 'DenyAssignmentAuthorizationFailed'],
    [409, 'ScopeLocked'],
    [409, 'MissingSubscriptionRegistration'],
    [409, 'AccountProvisioningStateInvalid'],
    [409, 'AnotherOperationInProgress'],
    [404, 'ResourceNotFound'],
    [404, 'SubscriptionNotFound'],
  ] as const
).map(([status, code]) => ({
  title: `${status} ${code}`,
  words: wordsOf(status),
  play: () => ({ status, body: { error: { code, message: words } } }),
}))

/** In each shape in which the simulated Azure shows an error. */
const shapes: readonly NamedFault[] = errorShapeNames.flatMap((shape) =>
  [400, 503].map((status) => {
    const shown = errorShapes[shape]({ code: 'Fault', message: words })
    const reply = {
      status,
      ...(shown.body !== undefined && { body: shown.body }),
      ...(shown.text && { text: shown.text }),
    }
    return { title: `${status} as ${shape}`, words: shape === 'empty' ? undefined : words, play: () => reply }
  }),
)

const silent: readonly NamedFault[] = [
  { title: 'no response', words: undefined, play: () => new Error('socket hang up') },
  { title: 'a page of HTML', words: undefined, play: () => ({ status: 200, text: '<html>Oops</html>' }) },
  { title: '502 as HTML', words: undefined, play: () => ({ status: 502, text: '<html>Oops</html>' }) },
  { title: '200 with no body', words: undefined, play: () => ({ status: 200 }) },
  { title: '204', words: undefined, play: () => ({ status: 204 }) },
  { title: '202 with no link', words: undefined, play: () => ({ status: 202 }) },
  { title: 'null', words: undefined, play: () => ok(null) },
  { title: 'an empty object', words: undefined, play: () => ok({}) },
  { title: 'an empty list', words: undefined, play: () => ok({ value: [] }) },
  {
    title: 'carried out, and no response',
    words: undefined,
    play: (answer) => {
      answer()
      return new Error('socket hang up')
    },
  },
  {
    title: 'carried out, and 500',
    words,
    play: (answer) => {
      answer()
      return withStatus(500)(answer)
    },
  },
]

/** Every fault that is played. */
export const faults: readonly NamedFault[] = [...errors, ...waits, ...codes, ...shapes, ...silent]
