import { isUnderWay } from '../domain/connection.ts'
import { isExpiryDue } from './expiry.ts'
import { expired, rejectedAtExpiry, reminded } from './overdue-drafts.ts'
import { isReminderDue } from './reminders.ts'
import { type At, type EventOf, type Row, row } from './table.ts'

type Waits = EventOf<'waiting'>

/** A request waits for so long that people are notified of that. Whether it still waits is read, not only listed. */
export const overdueRows: readonly Row[] = [
  row(['open'], 'waiting', {
    when: 'only a list shows it, and its question expires, or a reminder is due',
    holds: (request, event, { at }) =>
      event.isConfirmed !== true && (expiresNow(request, event, at) || remindsNow(request, event, at)),
    effect: 'confirm',
  }),
  row(['open'], 'waiting', {
    when: 'its question expires, and the rule rejects then',
    holds: (request, event, { at }) => expiresNow(request, event, at) && request.state.atExpiry === 'reject',
    writes: { entry: 'expired', to: 'open', draft: (request, _, { at }) => rejectedAtExpiry(request, at) },
    effect: 'see-again',
  }),
  row(['open'], 'waiting', {
    when: 'its question expires; it stays Pending',
    holds: (request, event, { at }) => expiresNow(request, event, at),
    writes: { entry: 'expired', to: 'open', draft: (request) => expired(request) },
    effect: 'see-again',
  }),
  row(['open'], 'waiting', {
    when: 'a reminder is due',
    holds: (request, event, { at }) => remindsNow(request, event, at),
    writes: { entry: 'reminded', to: 'open', draft: (request, _, { at }) => reminded(request, at) },
    effect: 'see-again',
  }),
]

function expiresNow(request: At<'open'>, { connection }: Waits, at: Date): boolean {
  return !isUnderWay(connection) && isExpiryDue(request, at)
}

function remindsNow(request: At<'open'>, { connection }: Waits, at: Date): boolean {
  return !isUnderWay(connection) && isReminderDue(request, at)
}
