/**
 * The command line: one program, every command a file of its own.
 *
 * A command is `cli/commands/<name>.ts` with
 *
 *     export function addPlanCommand(parent: Command, cli: Cli): void {
 *       const command = withPlace(parent.command('plan')).description('…').argument('<file>', '…').option('--fail-on-change', '…')
 *       withHelpEnd(command, { examples: [['allow-list plan rules.yaml', 'what would change']], exitCodes: { 0: '…', 1: '…' } })
 *       command.action(cli.action<PlanOptions>(async (run, file: string) => (await import('./plan-work.ts')).plan(run, file)))
 *     }
 *
 * and one line in `programOf`. The file itself imports types and light modules only; what needs an SDK, zod or yaml is imported
 * when the command runs (`run.connected`, or `await import(…)`), so that --help answers at once. `run.io` prints and asks,
 * the returned number is the exit code, `throw new CommandFailed(sentence, exitCode)` ends it with one sentence.
 */
import { Command } from 'commander'
import { addApplyCommand } from './commands/apply.ts'
import { addApprovalsCommand } from './commands/approvals.ts'
import { addCheckCommand } from './commands/check.ts'
import { addExportCommand } from './commands/export.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addHistoryCommand } from './commands/history.ts'
import { addPlanCommand } from './commands/plan.ts'
import { addSchemaCommand } from './commands/schema.ts'
import { addSuggestCommand } from './commands/suggest.ts'
import { addSimulateCommand } from './commands/simulate.ts'
import { addTemplateCommand } from './commands/template.ts'
import { addTestCommand } from './commands/test.ts'
import manifest from '../package.json' with { type: 'json' }
import type { ExitCode } from './io.ts'
import { type Cli, runProgram } from './run.ts'
import type { Streams } from './streams.ts'

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
  addDoctorCommand(program, cli)
  return program
}

/** In a list of commands the first clause is enough. */
function firstClause(command: Command): string {
  return command.description().replace(/[.:;](\s.*)?$/s, '')
}
