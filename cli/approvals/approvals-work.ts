import { asciiLowerCase } from '../../shared/domain/resource-id.ts'
import { sayNotShown } from '../../shared/private-link/searches/approved.ts'
import { typesInGraph } from '../../shared/private-link/searches/graph-queries.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import { type Recorded, reviewApprovals, unsupportedStandings } from '../../shared/what-if/approvals.ts'
import { wholeRules } from '../allow-list/usable-rules.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { type ExitCode, withProgress } from '../terminal/io.ts'
import { approvalsJson, approvalsNotes, approvalsText } from './approvals-view.ts'

export interface ApprovalsOptions extends PlaceOptions {
  readonly unsupported?: true
  readonly failOnUnsupported?: true
}

/** Lists approvals. Exit 1: a part could not be read or, if requested, an approval is unsupported. */
export async function listApprovals(run: Run<ApprovalsOptions>): Promise<ExitCode> {
  const { io, options, connected, now } = run
  const { rules } = await wholeRules(run)
  const { recorded, unreadable } = await readRecords(run)
  const {
    connections,
    notShown: targetsNotShown,
    gaps: notSeen,
  } = await (await connected.privateLink()).approved.approved()
  const { findings, notShown } = reviewApprovals({
    shown: connections,
    typesNotShown: new Set(typesInGraph(false).map(asciiLowerCase)),
    recorded,
    rules,
    now: now(),
  })
  const unsupported = findings.filter(({ standing }) => unsupportedStandings.includes(standing))
  const shown = options.unsupported ? unsupported : findings
  const sentences = [sayNotShown(targetsNotShown)].filter((said) => said !== undefined)
  const gaps = [...notSeen, ...unreadable]
  const view = { findings: shown, notShown, gaps, remarks: sentences }
  io.out(io.isJson ? approvalsJson(view) : approvalsText(view, io))
  if (!io.isJson) for (const note of approvalsNotes(view, io)) io.note(note)
  return gaps.length > 0 || (options.failOnUnsupported && unsupported.length > 0) ? 1 : 0
}

interface ReadRecords {
  readonly recorded: readonly Recorded[]
  /** A sentence for each row that cannot be used. */
  readonly unreadable: readonly string[]
}

async function readRecords({ io, connected }: Run<ApprovalsOptions>): Promise<ReadRecords> {
  const unreadable: string[] = []
  const ledger = await connected.ledger(({ message }) => unreadable.push(message))
  try {
    return await withProgress(io, 'Reading the ledger', 0, async (bar) => {
      const recorded: Recorded[] = []
      for await (const record of ledger.records()) {
        io.signal.throwIfAborted()
        bar.at(recorded.push(record))
      }
      return { recorded, unreadable }
    })
  } catch (error) {
    if (!isTableMissing(error)) throw error
    io.note('There is no ledger yet: this app has decided nothing there.')
    return { recorded: [], unreadable }
  }
}
