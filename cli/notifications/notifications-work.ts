import type { MessageChange } from '../../shared/domain/case-message.ts'
import { printable } from '../../shared/domain/printable.ts'
import type { MessageForPerson } from '../../shared/ledger/message-admin.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { whoChanges } from '../place/who.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { messagesTable } from './messages-table.ts'

/** Options of `notifications list`. */
export interface ListOptions extends PlaceOptions {
  readonly failed?: boolean
  readonly waiting?: boolean
}

/** Options of `notifications retry`. */
export interface ChangeOptions extends PlaceOptions {
  readonly as?: string
}

/** Options of `notifications discard`. */
export interface DiscardOptions extends ChangeOptions {
  readonly reason: string
}

const maxReasonLength = 500

/** Shows messages that failed for good or wait, as a table or as NDJSON. */
export async function listMessages({ io, options, connected }: Run<ListOptions>): Promise<ExitCode> {
  const admin = await connected.messages(({ message }) => io.note(message))
  const states = (['failed', 'waiting'] as const).filter(
    (state) => options[state] === true || (options.failed !== true && options.waiting !== true),
  )
  const found: MessageForPerson[] = []
  await known(async () => {
    for (const state of states)
      for await (const one of admin.list(state)) {
        io.signal.throwIfAborted()
        if (io.isJson) io.out(JSON.stringify(one))
        else found.push(one)
      }
  })
  if (!io.isJson)
    io.out(found.length === 0 ? 'No message waits, and none has failed.' : messagesTable(found, io.width))
  return 0
}

/** Sends a message again. @throws CommandFailed (1) when it cannot be. */
export function retryMessage(run: Run<ChangeOptions>, id: string): Promise<ExitCode> {
  return change(
    run,
    id,
    'retry',
    undefined,
    `The message ${printable(id)} is sent again within half a minute.`,
  )
}

/** Gives a message up. @throws CommandFailed (1) when it cannot be. */
export function discardMessage(run: Run<DiscardOptions>, id: string): Promise<ExitCode> {
  const reason = run.options.reason.trim()
  if (reason === '' || reason.length > maxReasonLength)
    throw new CommandFailed(
      `--reason is ${reason.length} characters long; expected: 1 to ${maxReasonLength}.`,
      2,
    )
  return change(run, id, 'discard', reason, `The message ${printable(id)} is given up.`)
}

async function change(
  { io, options, connected, now }: Run<ChangeOptions>,
  id: string,
  action: MessageChange['action'],
  reason: string | undefined,
  done: string,
): Promise<ExitCode> {
  const by = await whoChanges(connected, options.as)
  const admin = await connected.messages(({ message }) => io.note(message))
  const changed = await known(() => admin.change(id, { at: now().toISOString(), by, action, reason }))
  if (!changed)
    throw new CommandFailed(`There is no message ${printable(id)}; "notifications list" shows the ids.`)
  io.out(io.isJson ? JSON.stringify(changed) : done)
  return 0
}

/** What went wrong as one sentence, where its cause is known. */
async function known<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isTableMissing(error))
      throw new CommandFailed('No message is kept there: the app has not run on that storage.')
    throw error
  }
}
