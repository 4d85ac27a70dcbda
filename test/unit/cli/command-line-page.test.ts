import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { programOf } from '../../../cli/main.ts'
import { around } from '../../support/command-line.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8')

function programThat(runs: () => void): Command {
  const { stdout, stderr } = around()
  const action = () => () => {
    runs()
    return Promise.resolve()
  }
  return programOf({ action }, { stdout, stderr })
}

const groups = programThat(() => undefined).commands
const allowList = groups.find((command) => command.name() === 'allow-list')?.commands ?? []

describe('docs/command-line.md', () => {
  const calls = [...page.matchAll(/^(?:npx )?private-endpoint-approver (.*)$/gm)].map(([, call = '']) => call)

  it('has examples', () => {
    expect(calls.length).toBeGreaterThan(8)
  })

  it.each(calls.filter((call) => call !== '--help').map((call) => [call]))(
    'has a call that is understood: %s',
    async (call) => {
      const args = (call.replace(/ [|>].*$/, '').match(/"[^"]*"|\S+/g) ?? []).map((arg) =>
        arg.replaceAll('"', ''),
      )
      let isUnderstood = false
      await programThat(() => (isUnderstood = true)).parseAsync(args, { from: 'user' })
      expect(isUnderstood).toBe(true)
    },
  )

  it.each([
    ...groups.filter(({ commands }) => commands.length === 0).map((command) => [command.name()]),
    ...allowList.map((command) => [`allow-list ${command.name()}`]),
  ])('tells of %s', (name) => {
    expect(page).toContain(`\`${name}`)
  })

  it.each(['check', 'plan', 'apply', 'export', 'history', 'schema'])(
    'tells of every option of allow-list %s',
    (name) => {
      const [, section = ''] = new RegExp(`^### allow-list ${name}$(.*?)^##`, 'ms').exec(page) ?? []
      const options = allowList.find((command) => command.name() === name)?.options ?? []
      for (const { long } of options) {
        const isOfThePlace = ['--storage', '--account', '--settings'].includes(long ?? '')
        expect(isOfThePlace ? page : section).toContain(`\`${long ?? ''}`)
      }
    },
  )
})
