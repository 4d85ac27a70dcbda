import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { templates } from '../../cli/allow-list/templates.ts'
import { call } from '../support/built-command-line.ts'

it('the built command line prints a template and its cases, and the one passes the other', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-templates-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const template = (...args: readonly string[]) => call(['allow-list', 'template', ...args])
  const names = (await template('--json')).out
  expect((JSON.parse(names) as { name: string }[]).map(({ name }) => name)).toEqual(
    templates().map(({ name }) => name),
  )
  await writeFile(join(folder, 'fabric.yaml'), (await template('fabric')).out)
  await writeFile(join(folder, 'fabric.cases.yaml'), (await template('fabric', '--cases')).out)
  const tested = await call(['test', join(folder, 'fabric.cases.yaml'), '--require-coverage'])
  expect(tested).toMatchObject({ code: 0, err: '' })
})
