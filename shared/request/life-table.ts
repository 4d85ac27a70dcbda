import { stateNames, unfinishedStates } from '../domain/request.ts'
import { life } from './life.ts'
import type { EffectKind, EventKind } from './step.ts'
import type { Phase, Row } from './table.ts'

const header = ['From', 'Event', 'When', 'Log entry → state', 'Then']

const eventWords: Readonly<Record<EventKind, string>> = {
  waiting: 'the connection waits',
  evaluated: 'evaluated',
  'within-limits': 'counted, within the burst limits',
  'over-limit': 'counted, over a burst limit',
  read: 'read, before the write',
  written: 'written',
  accepted: 'written, and Azure is still working on it',
  busy: 'Azure is busy, or a read around the write failed',
  unanswered: 'written, without a response',
  contradicted: 'the list shows it, and a read shows something else',
  refused: 'Azure refuses',
  'said-gone': 'Azure says that it is gone',
  'still-there': 'and still shows it',
  'read-back': 'read back, after the write',
  decided: 'decided in Azure',
  gone: 'gone',
  'target-problem': 'the target cannot be read, or Azure has failed at it for half an hour',
  'target-within-limits': 'counted as a target, within the burst limits',
  'target-over-limit': 'counted as a target, over a burst limit',
  readable: 'the target can be read',
  chosen: 'a person decides',
}

const effectWords: Readonly<Record<EffectKind, string>> = {
  confirm: 'compare with a read of it',
  'see-again': 'take it as seen again',
  evaluate: 'evaluate',
  count: 'count',
  'count-as-question': 'count as a question',
  read: 'read',
  observe: 'take it as decided in Azure',
  write: '**write to Azure**',
  'read-back': 'read back',
  'read-if-gone': 'read',
  'retry-after': 'come back',
  end: 'end',
}

/** The life of a request as a Markdown table, one line for each row of the code, in the order in which they are tried. */
export function lifeAsMarkdown(): string {
  const lines = life.map(cellsOf)
  const last = ['any', 'anything else', '', '', 'come back while applying, else end']
  return [header, header.map(() => '---'), ...lines, last]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

function cellsOf({ from, on, when, writes, effect }: Row): readonly string[] {
  const written = writes ? `\`${writes.entry}\` → **${writes.to}**` : ''
  return [phaseWords(from), eventWords[on], when, written, effectWords[effect]]
}

/** Phases in words: all finished ones together, `any` for all. */
export function phaseWords(from: readonly Phase[]): string {
  const isAll = (names: readonly Phase[]) => names.every((name) => from.includes(name))
  const others: readonly Phase[] = unfinishedStates
  if (!isAll(['unseen', ...stateNames.filter((name) => !others.includes(name))])) return from.join(', ')
  return isAll(others)
    ? 'any'
    : ['unseen, finished', ...others.filter((name) => from.includes(name))].join(', ')
}
