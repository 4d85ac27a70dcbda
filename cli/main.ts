/**
 * The command line: one program, every command a file of its own.
 *
 * A command is `<name>.ts` in the folder of its family with
 *
 *     export function addPlanCommand(parent: Command, cli: Cli): void {
 *       const command = withPlace(parent.command('plan')).description('…').argument('<file>', '…').option('--fail-on-change', '…')
 *       withHelpEnd(command, { examples: [['allow-list plan rules.yaml', 'what would change']], exitCodes: { 0: '…', 1: '…' } })
 *       command.action(cli.action<PlanOptions>(async (run, file: string) => (await import('./plan-work.ts')).plan(run, file)))
 *     }
 *
 * and one line in `programOf`. The file itself imports types and light modules only; what needs an SDK, zod or yaml is
 * imported when the command runs (`run.connected`, or `await import(…)`), so that --help prints at once. `run.io`
 * prints and asks, the returned number is the exit code, `throw new CommandFailed(sentence, exitCode)` ends it with one
 * sentence.
 */
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addApplyCommand } from './allow-list/apply.ts'
import { addCheckCommand } from './allow-list/check.ts'
import { addExportCommand } from './allow-list/export.ts'
import { addHistoryCommand } from './allow-list/history.ts'
import { addPlanCommand } from './allow-list/plan.ts'
import { addSchemaCommand } from './allow-list/schema.ts'
import { addTemplateCommand } from './allow-list/template.ts'
import { addApprovalsCommand } from './approvals/approvals.ts'
import { addSuggestCommand } from './approvals/suggest.ts'
import { addChannelsCommands } from './channels/channels.ts'
import { type Cli, runProgram } from './command/run.ts'
import { addDecisionsCommand } from './decisions/decisions.ts'
import { addDoctorCommand } from './doctor/doctor.ts'
import { addDiscardCommand } from './notifications/discard.ts'
import { addListCommand } from './notifications/list.ts'
import { addRetryCommand } from './notifications/retry.ts'
import { addLinksCommands } from './links/links.ts'
import type { ExitCode } from './terminal/io.ts'
import type { Streams } from './terminal/streams.ts'
import { addSessionsCommands } from './sessions/sessions.ts'
import { addExplainCommand } from './what-if/explain.ts'
import { addSimulateCommand } from './what-if/simulate.ts'
import { addTestCommand } from './what-if/test.ts'

/** Runs the command line and gives its exit code. Never throws. */
export function main(args: readonly string[], around: Streams): Promise<ExitCode> {
  return runProgram((cli) => programOf(cli, around), args, around)
}

/** The program with every command. */
export function programOf(cli: Cli, { stdout, stderr }: Pick<Streams, 'stdout' | 'stderr'>): Command {
  const program = new Command('private-endpoint-approver')
    .description(
      'Rules for private endpoint connections: look at them, change them, try them, and check the app.',
    )
    .version(manifest.version, '--version', 'the version')
    .helpOption('--help', 'this text')
    .helpCommand(false)
    .option('--json', 'one JSON value on standard output')
    .option('--no-color', 'no colours, also on a terminal (as with NO_COLOR)')
    .configureHelp({ showGlobalOptions: true, subcommandDescription: firstClause })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: () => undefined,
    })
    .exitOverride()

  const allowList = program
    .command('allow-list')
    .helpCommand(false)
    .description('The rules: check, plan, apply, export, history and more.')
  addCheckCommand(allowList, cli)
  addPlanCommand(allowList, cli)
  addApplyCommand(allowList, cli)
  addExportCommand(allowList, cli)
  addHistoryCommand(allowList, cli)
  addSchemaCommand(allowList, cli)
  addSuggestCommand(allowList, cli)
  addTemplateCommand(allowList, cli)
  addExplainCommand(allowList, cli)
  addTestCommand(program, cli)
  addSimulateCommand(program, cli)
  addApprovalsCommand(program, cli)
  addDecisionsCommand(program, cli)
  addSessionsCommands(program, cli)
  addChannelsCommands(program, cli)
  const notifications = program
    .command('notifications')
    .helpCommand(false)
    .description('Messages to people that wait or failed: list, retry and discard.')
  addListCommand(notifications, cli)
  addRetryCommand(notifications, cli)
  addDiscardCommand(notifications, cli)
  addLinksCommands(program, cli)
  addDoctorCommand(program, cli)
  return program
}

/** In a list of commands the first clause is enough. */
function firstClause(command: Command): string {
  return command.description().replace(/[.:;](\s.*)?$/s, '')
}
