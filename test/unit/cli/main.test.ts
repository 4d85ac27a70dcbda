import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../../../cli/command/run.ts'
import { programOf } from '../../../cli/main.ts'
import { CommandFailed } from '../../../cli/terminal/io.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { around, run } from '../../support/command-line.ts'

describe('the command line', () => {
  it('tells its version, and a version is all it prints', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
  })

  it('asked for nothing, shows on standard error what there is', async () => {
    const ended = await run([])
    expect(ended).toMatchObject({ code: 2, out: '' })
    expect(ended.err).toMatch(/^Usage: private-endpoint-approver \[options\] \[command\]\n/)
  })

  it.each([
    [['alow-list'], "Unknown command 'alow-list' (did you mean allow-list?). --help shows what there is.\n"],
    [['allow-list', 'pln'], "Unknown command 'pln' (did you mean plan?). --help shows what there is.\n"],
    [
      ['allow-list', 'plan', 'f', '--jsn'],
      "Unknown option '--jsn' (did you mean --json?). --help shows what there is.\n",
    ],
    [['allow-list', 'plan'], "Missing required argument 'file'. --help shows what there is.\n"],
    [
      ['allow-list', 'plan', 'a', 'b'],
      "Too many arguments for 'plan'. Expected 1 argument but got 2: a, b. --help shows what there is.\n",
    ],
    [
      ['allow-list', 'history', '--limit', 'ten'],
      "Option '--limit <number>' argument 'ten' is invalid. Expected: a whole number from 1 to 1,000,000. --help shows what there is.\n",
    ],
    [
      ['allow-list', 'apply', 'f', '--allow-removals', '-1'],
      "Option '--allow-removals <number>' argument '-1' is invalid. Expected: a whole number from 0 to 1,000,000. --help shows what there is.\n",
    ],
    [
      ['simulate', 'f', '--days', '0'],
      "Option '--days <number>' argument '0' is invalid. Expected: a whole number from 1 to 400. --help shows what there is.\n",
    ],
    [
      ['allow-list', 'plan', 'f', '--storage', 'x', '--account', 'y'],
      "Option '--storage <connection>' cannot be used with option '--account <name>'. --help shows what there is.\n",
    ],
  ])('answers %j in one sentence, with 2', async (args, sentence) => {
    expect(await run(args)).toEqual({ code: 2, out: '', err: sentence })
  })

  it('without a place, says what to give', async () => {
    expect(await run(['allow-list', 'check'])).toEqual({
      code: 2,
      out: '',
      err: 'Nothing says where the tables are: give --account NAME, --storage CONNECTION or --settings FILE, or set AzureWebJobsStorage.\n',
    })
  })

  it('does not repeat a connection string that is none', async () => {
    const ended = await run(['allow-list', 'check', '--storage', 'AccountKey=secret'])
    expect(ended.code).toBe(2)
    expect(ended.err).toMatch(
      /^The connection string \(--storage or AzureWebJobsStorage\) is none; expected: .*\n$/,
    )
    expect(ended.err).not.toContain('secret')
  })
})

describe('every command', () => {
  const { stdout, stderr } = around()
  const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)]
  const work = all(programOf({ action: () => () => Promise.resolve() }, { stdout, stderr })).filter(
    ({ commands }) => commands.length === 0,
  )
  const pathOf = (command: Command): string[] =>
    command.parent ? [...pathOf(command.parent), command.name()] : []

  it('is known to this test', () => {
    expect(work.map((command) => pathOf(command).join(' '))).toEqual(
      expect.arrayContaining(
        ['check', 'plan', 'apply', 'export', 'history', 'schema'].map((name) => `allow-list ${name}`),
      ),
    )
  })

  it.each(work.map((command) => [pathOf(command).join(' ')]))(
    '%s explains itself, with examples and exit codes, and takes --json',
    async (path) => {
      const { code, out, err } = await run([...path.split(' '), '--help'])
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).toMatch(/^Usage: private-endpoint-approver /)
      expect(out).toMatch(/\nExamples:\n {2}# /)
      expect(out).toMatch(/\nExit codes:\n {2}0 {4}\S/)
      expect(out).toMatch(/--json/)
      expect(out).toContain(`  private-endpoint-approver ${path}`)
    },
  )

  it.each(
    work.flatMap((command) => {
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      return [...help.matchAll(/^ {2}private-endpoint-approver (.*)$/gm)].map(([, call = '']) => [call])
    }),
  )('understands its own example: %s', async (call) => {
    const args = (call.replace(/ [|>].*$/, '').match(/"[^"]*"|\S+/g) ?? []).map((arg) =>
      arg.replaceAll('"', ''),
    )
    const { stdout, stderr } = around()
    let isUnderstood = false
    const cli = {
      action: () => () => {
        isUnderstood = true
        return Promise.resolve()
      },
    }
    await programOf(cli, { stdout, stderr }).parseAsync(args, { from: 'user' })
    expect(isUnderstood).toBe(true)
  })
})

describe('a command that ends badly', () => {
  const failing = (error: unknown, streams = around()) =>
    runProgram(
      (cli) => new Command('p').action(cli.action(() => Promise.reject(error as Error))),
      [],
      streams,
    ).then((code) => ({ code, err: streams.err() }))

  it.each([
    [new CommandFailed('The table is empty. Apply a file.'), 1, 'The table is empty. Apply a file.\n'],
    [new CommandFailed('--days is "x".', 2), 2, '--days is "x".\n'],
    [new TypeError('rules.map is not a function'), 1, 'rules.map is not a function\n'],
    [new Error('first line\nsecond \u202e line'), 1, 'first line\n'],
    [
      Object.assign(new Error('…'), { code: 'ECONNREFUSED' }),
      1,
      'Nothing listens where the tables are said to be: is the address right, and is it running?\n',
    ],
    [
      Object.assign(new Error('…'), { details: { odataError: { code: 'AuthorizationPermissionMismatch' } } }),
      1,
      'You are signed in, and may not do this: the role Storage Table Data Contributor on the account is missing (Reader, to look only).\n',
    ],
    [
      Object.assign(new Error('…'), { name: 'SettingsError', message: 'Setting ARM_ENDPOINT is "x".' }),
      2,
      'Setting ARM_ENDPOINT is "x".\n',
    ],
    [
      new Error('The table cannot be read.', {
        cause: Object.assign(new Error('…'), { name: 'AggregateAuthenticationError' }),
      }),
      1,
      'Nobody is signed in: run "az login", or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.\n',
    ],
    ['only a text', 1, 'only a text\n'],
  ])('%s: one sentence and an exit code', async (error, code, err) => {
    expect(await failing(error)).toEqual({ code, err })
  })

  it('shows a stack with DEBUG only', async () => {
    const streams = around({ env: { DEBUG: '1' } })
    expect((await failing(new Error('odd'), streams)).err).toMatch(/^odd\nError: odd\n {4}at /)
  })

  it('after Ctrl-C says that it stopped, with 130', async () => {
    const streams = around()
    streams.interrupt()
    expect(await failing(streams.signal.reason, streams)).toEqual({ code: 130, err: 'Stopped.\n' })
  })

  it('after Ctrl-C says what was written, if the command knows', async () => {
    const streams = around()
    streams.interrupt()
    const error = new CommandFailed('Stopped: 200 of 900 changes are written.', 130)
    expect(await failing(error, streams)).toEqual({
      code: 130,
      err: 'Stopped: 200 of 900 changes are written.\n',
    })
  })
})
