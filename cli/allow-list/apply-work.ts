import { type Applied, ApplyStopped } from '../../shared/allow-list/change/apply.ts'
import { changesNothing, countOfChanges } from '../../shared/allow-list/change/list-state.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { whoChanges } from '../place/who.ts'
import { CommandFailed, type ExitCode, withProgress } from '../terminal/io.ts'
import { counted, shortly } from '../terminal/words.ts'
import { allCounts } from './changes-view.ts'
import { planFile, type Planned } from './plan-of-file.ts'
import { plannedJson, plannedText } from './plan-with-findings-view.ts'
import { guardRemovals, type Removals } from './removal-guard.ts'

export interface ApplyOptions extends PlaceOptions {
  readonly yes?: true
  readonly full?: true
  readonly as?: string
  readonly allowRemovals?: number
  readonly despiteErrors?: true
}

/**
 * Shows the plan, asks for confirmation, writes, and reports what was written. With `--json` the plan is shown only for
 * a confirmation or a refusal.
 */
export async function apply(run: Run<ApplyOptions>, file: string): Promise<ExitCode> {
  const planned = await planFile(run, file)
  if (planned === undefined) return 2
  const { io, options } = run
  const shown = plannedText(io, planned, options.full === true)
  if (!io.isJson) io.out(shown)
  if (changesNothing(planned.plan)) {
    if (io.isJson) io.out(JSON.stringify({ ...plannedJson(planned), applied: null }))
    return 0
  }
  const typed = expectedForYes(run, planned, shown)
  const who = await whoChanges(run.connected, options.as)
  if (!(await io.confirm(`Write this to ${planned.list.place} as ${who}?`, typed))) {
    io.note('Nothing was written.')
    return 1
  }
  const at = run.now()
  const applied = await write(run, planned, who, at)
  if (io.isJson)
    io.out(JSON.stringify({ ...plannedJson(planned), applied: { ...applied, who, at: at.toISOString() } }))
  else io.out(writtenText(planned, applied, who, at))
  return 0
}

/** What has to be typed for a yes, if more than a `y`. @throws CommandFailed when the plan is refused. */
function expectedForYes(
  { io, options }: Run<ApplyOptions>,
  planned: Planned,
  shown: string,
): string | undefined {
  let isYesGiven = false
  try {
    refuseErrors(planned, options)
    const typed = guardRemovals(removalsOf(planned), planned.file.name, options, io)
    isYesGiven = options.yes === true
    return typed
  } finally {
    if (io.isJson && !isYesGiven) io.note(shown)
  }
}

function refuseErrors({ findings }: Planned, { despiteErrors }: ApplyOptions): void {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  if (errors === 0 || despiteErrors) return
  throw new CommandFailed(
    `${counted(errors, 'rule')} can never do what ${errors === 1 ? 'it says' : 'they say'} (see the errors above); fix the file, or write it all the same with --despite-errors. Nothing was written.`,
  )
}

function removalsOf({ plan, state, file }: Planned): readonly Removals[] {
  return [
    {
      one: 'rule',
      many: 'rules',
      removed: plan.removed.length,
      standing: state.rules.length,
      desired: file.rules.length,
    },
    {
      one: 'channel or route',
      many: 'channels and routes',
      removed: plan.channels.removed.length + plan.routes.removed.length,
      standing: state.channels.length + state.routes.length,
      desired: file.channels.length + file.routes.length,
    },
  ]
}

async function write({ io }: Run<ApplyOptions>, planned: Planned, who: string, at: Date): Promise<Applied> {
  const { file, list, plan } = planned
  const total = countOfChanges(plan)
  const author = { who, at, fileName: file.name, fileSha256: file.sha256 }
  try {
    return await withProgress(io, 'Writing changes', total, (bar) =>
      list.admin.apply(plan, author, (written) => bar.at(written), io.signal),
    )
  } catch (error) {
    if (!(error instanceof ApplyStopped)) throw error
    throw new CommandFailed(error.message, io.signal.aborted ? 130 : 1)
  }
}

function writtenText({ file, plan }: Planned, { version }: Applied, who: string, at: Date): string {
  return [
    `Written by ${who} at ${shortly(at.toISOString())} from ${file.name} (SHA-256 ${file.sha256.slice(0, 12)}…): ${allCounts(plan)}.`,
    `The list is now version ${version ?? '?'}. Open requests are evaluated again within a minute.`,
  ].join('\n')
}
