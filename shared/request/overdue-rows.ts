import { isUnderWay } from '../domain/connection.ts'
import { reminded } from './overdue-drafts.ts'
import { isReminderDue } from './reminders.ts'
import { type At, type EventOf, type Row, row } from './table.ts'

/** A request waits for so long that people are notified of that. Whether it still waits is read, not only listed. */
export const overdueRows: readonly Row[] = [
  row(['open'], 'waiting', {
    when: 'only a list shows it, and a reminder is due',
    holds: (request, event, { at }) => event.isConfirmed !== true && isOverdue(request, event, at),
    effect: 'confirm',
  }),
  row(['open'], 'waiting', {
    when: 'a reminder is due',
    holds: (request, event, { at }) => isOverdue(request, event, at),
    writes: { entry: 'reminded', to: 'open', draft: (request, _, { at }) => reminded(request, at) },
    effect: 'see-again',
  }),
]

function isOverdue(request: At<'open'>, { connection }: EventOf<'waiting'>, at: Date): boolean {
  return !isUnderWay(connection) && isReminderDue(request, at)
}
