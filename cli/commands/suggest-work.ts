import { writeFile } from 'node:fs/promises'
import { parseRequesterId, type RequesterId } from '../../shared/domain/requester-id.ts'
import { visible } from '../../shared/domain/printable.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import { prepareRules } from '../../shared/policy/index.ts'
import { suggest } from '../../shared/what-if/suggest.ts'
import type { Width } from '../../shared/what-if/suggest-asker.ts'
import { CommandFailed, type ExitCode } from '../io.ts'
import type { PlaceOptions } from '../options.ts'
import type { Run } from '../run.ts'
import { counted } from '../words.ts'
import { openList, readList } from './list.ts'
import { gather } from './suggest-gather.ts'
import { suggestionFile, suggestionJson, suggestionNotes } from './suggest-view.ts'

export interface SuggestCommandOptions extends PlaceOptions {
  readonly out?: string
  readonly by: Width
  readonly includeForeign?: true
  readonly all?: true
  readonly validUntil?: string
  readonly requester?: readonly string[]
}

/** Proposes rules from what is Approved today. 1: a part could not be seen. */
export async function suggestRules(run: Run<SuggestCommandOptions>): Promise<ExitCode> {
  const { io, options, connected, now } = run
  const validUntil = dayOf(options.validUntil, now())
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
    await writeNew(options.out, text)
    io.note(`${counted(proposals.length, 'rule')} written to ${visible(options.out)}.`)
  }
  for (const note of suggestionNotes(suggestion, io)) io.note(note)
  return gaps.length > 0 || unreadable.length > 0 ? 1 : 0
}

/** Undefined, with a remark, when there is nothing to compare with: then nothing is left out. */
async function rulesOfToday(run: Run<SuggestCommandOptions>): Promise<readonly Rule[] | undefined> {
  const { io, options } = run
  const isTold = options.storage !== undefined || options.account !== undefined
  try {
    const { rules, unusable, isTableMissing, unfinished } = await readList(run, await openList(run))
    if (isTableMissing) return undefined
    if (unusable.length === 0 && !unfinished) return rules
    io.note(
      'The rules of today cannot be used as they are (allow-list check): nothing is compared with them.',
    )
  } catch (error) {
    if (isTold || !(error instanceof CommandFailed)) throw error
    io.note('Nothing says where the tables are: what rules allow already is not left out.')
  }
  return undefined
}

/** In a year, unless told. */
function dayOf(told: string | undefined, now: Date): string | undefined {
  if (told === 'none') return undefined
  if (told === undefined) {
    const inAYear = new Date(now)
    inAYear.setUTCFullYear(now.getUTCFullYear() + 1)
    return midnight(inAYear.toISOString().slice(0, 10))
  }
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(told) && !Number.isNaN(Date.parse(told))
  if (isDay && Date.parse(told) > now.getTime()) return midnight(told)
  throw new CommandFailed(
    `--valid-until is "${visible(told)}"; wanted: a day to come, like 2027-01-31, or none.`,
    2,
  )
}

/** As rules hold it. */
function midnight(day: string): string {
  return `${day}T00:00:00.000Z`
}

function requesterOf(text: string): RequesterId {
  const id = parseRequesterId(text)
  if (id) return id
  throw new CommandFailed(
    `--requester is "${visible(text)}"; wanted: a full id, like /subscriptions/…/factories/{name} or /databricks/accounts/{guid}/networkConnectivityConfigs/{guid}.`,
    2,
  )
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'EEXIST'
      ? new CommandFailed(`${visible(file)} is there already; choose another name.`)
      : new CommandFailed(`${visible(file)} cannot be written: ${code ?? String(error)}.`)
  }
}
