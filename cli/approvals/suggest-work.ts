import { visible } from '../../shared/domain/printable.ts'
import { parseRequesterId, type RequesterId } from '../../shared/domain/requester-id.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import { parseTime } from '../../shared/domain/time.ts'
import { prepareRules } from '../../shared/policy/index.ts'
import type { Width } from '../../shared/what-if/suggest-requester.ts'
import { suggest } from '../../shared/what-if/suggest.ts'
import { unusableSentence, usableRules } from '../allow-list/usable-rules.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { writeResult } from '../terminal/output.ts'
import { counted } from '../terminal/words.ts'
import { gather } from './suggest-gather.ts'
import { suggestionFile, suggestionJson, suggestionNotes } from './suggest-view.ts'

export interface SuggestCommandOptions extends PlaceOptions {
  readonly out?: string
  readonly force?: true
  readonly by: Width
  readonly includeForeign?: true
  readonly all?: true
  readonly validUntil?: string
  readonly requester?: readonly string[]
}

/** Proposes rules from what is Approved today. 1: a part could not be seen. */
export async function suggestRules(run: Run<SuggestCommandOptions>): Promise<ExitCode> {
  const { io, options, connected, now } = run
  const validUntil = endOf(options.validUntil, now())
  const others = (options.requester ?? []).map(requesterOf)
  const rules = await rulesOfToday(run)
  const prepared = prepareRules({ complete: true, rules: rules ?? [], hash: '' })
  const { approvals, unreadable, gaps } = await gather(await connected.privateLink(), prepared, others, io)
  const { proposals, notProposed } = suggest(approvals, {
    by: options.by,
    includeForeign: options.includeForeign === true,
    includeCovered: options.all === true,
    validUntil,
    rules: rules && prepared,
    takenIds: (rules ?? []).map(({ id }) => id),
    now: now(),
  })
  const suggestion = { proposals, notProposed: [...unreadable, ...notProposed], gaps }
  const text = io.isJson ? suggestionJson(suggestion) : suggestionFile(suggestion, now())
  if (options.out === undefined) io.out(text.trimEnd())
  else {
    await writeResult(options.out, text, options.force === true)
    io.note(`${counted(proposals.length, 'rule')} written to ${visible(options.out)}.`)
  }
  for (const note of suggestionNotes(suggestion, io)) io.note(note)
  return gaps.length > 0 || unreadable.length > 0 ? 1 : 0
}

/** Undefined, with a remark, when there is nothing to compare with: then nothing is left out. */
async function rulesOfToday(run: Run<SuggestCommandOptions>): Promise<readonly Rule[] | undefined> {
  const { io, options } = run
  const isReported = options.storage !== undefined || options.account !== undefined
  try {
    const set = await usableRules(run)
    if (set.complete) return set.rules
    io.note(`${unusableSentence(set.problem)} Nothing is compared with it.`)
  } catch (error) {
    if (isReported || !(error instanceof CommandFailed)) throw error
    io.note('Nothing says where the tables are: what rules allow already is not left out.')
  }
  return undefined
}

/** Default: in a year. */
function endOf(stated: string | undefined, now: Date): string | undefined {
  if (stated === 'none') return undefined
  if (stated === undefined) return inAYear(now).toISOString()
  const end = parseTime(stated)
  if (end && end > now) return end.toISOString()
  throw new CommandFailed(
    `--valid-until is "${visible(stated)}"; expected: a day or a time in UTC to come, like 2027-01-31, or none.`,
    2,
  )
}

function inAYear(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear() + 1, now.getUTCMonth(), now.getUTCDate()))
}

function requesterOf(text: string): RequesterId {
  const id = parseRequesterId(text)
  if (id) return id
  throw new CommandFailed(
    `--requester is "${visible(text)}"; expected: a full id, like /subscriptions/…/factories/{name} or /databricks/accounts/{guid}/networkConnectivityConfigs/{guid}.`,
    2,
  )
}
