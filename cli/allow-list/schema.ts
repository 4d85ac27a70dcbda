import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'

/** `allow-list schema`: for editors that complete and check rule files. */
export function addSchemaCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('schema')
    .description('Prints the JSON Schema of rule files, for editors that complete and check them.')
  withHelpEnd(command, {
    examples: [['allow-list schema > allow-list.schema.json', 'keep it beside the rule file']],
    exitCodes: { 0: 'printed', 1: 'it failed' },
  })
  command.action(
    cli.action(async ({ io }) => {
      const { ruleFileJsonSchema } = await import('../../shared/allow-list/file/json-schema.ts')
      io.out(JSON.stringify(ruleFileJsonSchema(), null, 2))
      return 0
    }),
  )
}
