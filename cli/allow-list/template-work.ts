import { visible } from '../../shared/domain/printable.ts'
import type { Run } from '../command/run.ts'
import { CommandFailed, type ExitCode, type Io } from '../terminal/io.ts'
import { wrapped } from '../terminal/wrap.ts'
import { type Template, templates, withOwnValues } from './templates.ts'

export interface TemplateOptions {
  readonly set?: readonly string[]
  readonly cases?: true
}

/** Prints one template, or all names. @throws CommandFailed (2) for a name or key that there is not. */
export function printTemplate({ io, options }: Run<TemplateOptions>, name: string | undefined): ExitCode {
  const all = templates()
  if (name === undefined) {
    list(io, all)
    return 0
  }
  const found = all.find((template) => template.name === name)
  if (!found) {
    const names = all.map((template) => template.name).join(', ')
    throw new CommandFailed(`There is no template "${visible(name)}"; there are: ${names}.`, 2)
  }
  const text = withOwnValues(
    options.cases ? found.cases : found.rules,
    found,
    ownValues(found, options.set ?? []),
  )
  if (io.isJson) io.out(JSON.stringify({ name: found.name, examples: found.examples, text }))
  else io.out(text.trimEnd())
  return 0
}

function list(io: Io, all: readonly Template[]): void {
  if (io.isJson) {
    io.out(JSON.stringify(all.map(({ name, title, examples }) => ({ name, title, examples }))))
    return
  }
  const nameWidth = Math.max(...all.map(({ name }) => name.length)) + 2
  for (const { name, title } of all) {
    const lines = wrapped(title, Math.max(io.width, 60) - nameWidth)
    for (const [index, line] of lines.entries()) io.out((index === 0 ? name : '').padEnd(nameWidth) + line)
  }
  io.note('Print one with: private-endpoint-approver allow-list template NAME')
}

function ownValues({ name, examples }: Template, given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    given.map((pair) => {
      const [, key = '', value = ''] = /^([a-z-]+)=(\S.*)$/.exec(pair) ?? []
      if (examples.some((example) => example.key === key)) return [key, value]
      const keys = examples.map((example) => example.key).join(', ')
      throw new CommandFailed(
        `--set is "${visible(pair)}"; expected for ${name}: key=value with one of the keys ${keys}.`,
        2,
      )
    }),
  )
}
