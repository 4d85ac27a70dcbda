import type { ChangeEntry, RecordedRow } from '../../shared/allow-list/change/log.ts'
import type { HistoryCheck } from '../../shared/allow-list/change/verify-history.ts'
import { forms, listNames } from '../../shared/allow-list/routing/forms.ts'
import { printable, visible } from '../../shared/domain/printable.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { type Colour, type ExitCode, type Io, withProgress } from '../terminal/io.ts'
import { counted, shortly } from '../terminal/words.ts'
import { shownKey } from './changes-view.ts'
import { type OpenList, openList } from './open-list.ts'

export interface HistoryOptions extends PlaceOptions {
  readonly limit: number
  readonly verify?: true
}

const signs: Readonly<Record<ChangeEntry['action'], readonly [sign: string, colour: Colour]>> = {
  added: ['+', 'green'],
  changed: ['~', 'yellow'],
  removed: ['-', 'red'],
}
/** Shown in the line above the fields. */
const notShown: ReadonlySet<string> = new Set(['version', 'changedBy', 'changedAt'])

/** Shows the log of changes; with `--verify` follows its chain first. 1: the chain is broken. */
export async function history(run: Run<HistoryOptions>, rule: string | undefined): Promise<ExitCode> {
  const { io, options } = run
  const list = await openList(run)
  const checked = options.verify ? await verify(io, list) : undefined
  const entries: ChangeEntry[] = []
  const query = {
    newestFirst: true,
    limit: options.limit,
    ...(rule === undefined ? {} : { ruleId: keyOfShown(rule) }),
  }
  for await (const entry of list.admin.history(query)) entries.push(entry)
  if (io.isJson) io.out(JSON.stringify(checked ? { verified: checked, entries } : { entries }))
  else {
    for (const entry of entries) io.out(entryText(io, entry))
    if (entries.length === 0) {
      io.out(
        rule === undefined ? 'No change is on record.' : `No change of "${printable(rule)}" is on record.`,
      )
    }
    if (checked) io.out(checkedText(io, checked))
  }
  return checked?.broken ? 1 : 0
}

/** `channel:ops` and `route:ops` are rows of their own; no id of a rule has a colon. */
function keyOfShown(shown: string): string {
  return listNames.some(
    (list) => forms[list].keyPrefix !== '' && `~${shown}`.startsWith(forms[list].keyPrefix),
  )
    ? `~${shown}`
    : shown
}

function verify(io: Io, { admin }: OpenList): Promise<HistoryCheck> {
  return withProgress(io, 'Checking history', 0, (bar) => admin.verifyHistory((entries) => bar.at(entries)))
}

function checkedText(io: Io, { sound, broken }: HistoryCheck): string {
  if (broken === undefined) {
    return io.coloured(`The chain of all ${counted(sound, 'change')} holds.`, 'green')
  }
  return io.coloured(
    `The chain is broken at change ${broken.sequence}: ${visible(broken.problem)} ${counted(sound, 'change')} before it ${sound === 1 ? 'is' : 'are'} sound.`,
    'red',
  )
}

/** One change: who, when, from which file, and each field old and new. */
export function entryText(io: Pick<Io, 'coloured'>, entry: ChangeEntry): string {
  const [sign, colour] = signs[entry.action]
  const { sequence, action, ruleId, version, who, at, fileName, fileSha256, before, after } = entry
  return [
    io.coloured(`${sign} ${printable(shownKey(ruleId))} ${action} (version ${version})`, colour),
    `    ${shortly(at)} by ${printable(who)} from ${printable(fileName)} (SHA-256 ${fileSha256.slice(0, 12)}…), change ${sequence}`,
    ...fieldLines(before, after),
    ...(before?.problem === undefined ? [] : [`    it could not be used: ${visible(before.problem)}`]),
  ].join('\n')
}

function fieldLines(before: RecordedRow | undefined, after: RecordedRow | undefined): readonly string[] {
  const [was, is] = [before?.columns ?? {}, after?.columns ?? {}]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => !notShown.has(name) && was[name] !== is[name],
  )
  return names.map((name) => {
    const [old, now] = [was[name], is[name]].map((value) =>
      value === undefined ? '(none)' : visible(String(value)),
    )
    const value = before === undefined ? now : after === undefined ? old : `${old ?? ''} → ${now ?? ''}`
    return `    ${printable(name).padEnd(18)} ${value ?? ''}`
  })
}
