import { visible } from '../../shared/domain/printable.ts'
import { type ChangeKind, changeKinds, simulate } from '../../shared/what-if/simulate.ts'
import { wholeRules } from '../allow-list/usable-rules.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { recordedRequests } from './recorded-log.ts'
import { ruleSetOfFile } from './rules.ts'
import { printSimulation, simulationJson } from './simulation-view.ts'

export interface SimulateOptions extends PlaceOptions {
  readonly days: number
  readonly against: 'log' | 'table'
  readonly now?: true
  readonly failOn?: string
}

const realChanges = changeKinds.filter((kind) => kind !== 'same')

/** Simulates a file. 1: a change that `--fail-on` names was found. */
export async function simulateFile(run: Run<SimulateOptions>, file: string): Promise<ExitCode> {
  const { io, options } = run
  const { days } = options
  const failing = failingKinds(options.failOn)
  const set = await ruleSetOfFile(run, file)
  if (!set) return 2
  const requests = await recordedRequests(run, days)
  const against = options.against === 'table' ? (await wholeRules(run)).rules : undefined
  const now = run.now()
  const simulation = simulate(requests, set.rules, { now, at: options.now && now, against })
  if (io.isJson) io.out(simulationJson(simulation, days))
  else printSimulation(io, simulation, days)
  return simulation.changes.some(({ kind }) => failing.includes(kind)) ? 1 : 0
}

/** `newly-approved` includes `maybe-newly-approved`. */
function failingKinds(text: string | undefined): readonly ChangeKind[] {
  if (text === undefined) return []
  if (text === 'any') return realChanges
  const kinds = text.split(',').map((part) => part.trim())
  const odd = kinds.find((kind) => !realChanges.some((known) => known === kind))
  if (odd !== undefined) {
    throw new CommandFailed(
      `--fail-on names "${visible(odd)}"; expected: any, or some of ${realChanges.join(', ')}.`,
      2,
    )
  }
  return kinds.includes('newly-approved')
    ? [...(kinds as ChangeKind[]), 'maybe-approved']
    : (kinds as ChangeKind[])
}
