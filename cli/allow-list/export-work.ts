import { parse } from 'yaml'
import { writeRuleFile } from '../../shared/allow-list/file/write.ts'
import { visible } from '../../shared/domain/printable.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { writeResult } from '../terminal/output.ts'
import { counted } from '../terminal/words.ts'
import { openList, readList, tableMissing } from './open-list.ts'
import { unfinishedSentence } from './plan-with-findings-view.ts'

export interface ExportOptions extends PlaceOptions {
  readonly out?: string
  readonly force?: true
}

/** Writes the table's rules as a file. Exit 1: invalid rows were left out. */
export async function exportRules(run: Run<ExportOptions>): Promise<ExitCode> {
  const { io, options } = run
  const list = await openList(run)
  const state = await readList(run, list)
  const { rules, channels, routes, unusable, isTableMissing, unfinished } = state
  if (isTableMissing) throw new CommandFailed(tableMissing(list.place))
  if (unfinished) io.note(io.coloured(unfinishedSentence(unfinished), 'red'))
  const yaml = writeRuleFile(state)
  const text = io.isJson ? `${JSON.stringify(parse(yaml), null, 2)}\n` : yaml
  if (options.out === undefined) io.out(text.trimEnd())
  else {
    await writeResult(options.out, text, options.force === true)
    const others =
      channels.length + routes.length === 0
        ? ''
        : `, ${counted(channels.length, 'channel')} and ${counted(routes.length, 'route')}`
    io.note(`${counted(rules.length, 'rule')}${others} written to ${visible(options.out)}.`)
  }
  for (const { problem } of unusable) io.note(`${io.coloured('left out', 'red')}  ${visible(problem)}`)
  if (unusable.length === 0) return 0
  io.note(
    `${counted(unusable.length, 'row')} of the table left out: fix or delete them, and export again; applied as it is, this file would not have them.`,
  )
  return 1
}
