import { glob, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const config = join(root, '.dependency-cruiser.cjs')

/** One import for each rule that it forbids: the module that has it, and what it imports. */
const planted: Readonly<Record<string, readonly [from: string, imported: string]>> = {
  'no-circular': ['shared/domain/one.ts', 'shared/domain/other.ts'],
  'no-unresolvable': ['shared/domain/lost.ts', 'shared/domain/absent.ts'],
  'shared/domain': ['shared/domain/a.ts', 'shared/policy/x.ts'],
  'shared/policy': ['shared/policy/a.ts', 'shared/ports/x.ts'],
  'shared/request': ['shared/request/a.ts', 'shared/ports/x.ts'],
  'shared/ports': ['shared/ports/a.ts', 'shared/policy/x.ts'],
  'shared/review': ['shared/review/a.ts', 'shared/ledger/x.ts'],
  'shared/decide': ['shared/decide/a.ts', 'shared/pages/x.ts'],
  'shared/cases': ['shared/cases/a.ts', 'shared/ports/x.ts'],
  'shared/notify': ['shared/notify/a.ts', 'shared/channels/x.ts'],
  'shared/what-if': ['shared/what-if/a.ts', 'shared/ports/x.ts'],
  'shared/lint': ['shared/lint/a.ts', 'shared/policy/x.ts'],
  'shared/located-text': ['shared/located-text/a.ts', 'shared/allow-list/rule/x.ts'],
  'shared/allow-list/rule': ['shared/allow-list/rule/a.ts', 'shared/storage/x.ts'],
  'shared/allow-list/routing': ['shared/allow-list/routing/a.ts', 'shared/allow-list/file/x.ts'],
  'shared/allow-list/file': ['shared/allow-list/file/a.ts', 'shared/allow-list/table/x.ts'],
  'shared/allow-list/table': ['shared/allow-list/table/a.ts', 'shared/allow-list/file/x.ts'],
  'shared/allow-list/change': ['shared/allow-list/change/a.ts', 'shared/allow-list/file/x.ts'],
  'shared/remember': ['shared/remember/a.ts', 'shared/allow-list/table/y.ts'],
  'shared/ledger': ['shared/ledger/a.ts', 'shared/private-link/arm/x.ts'],
  'shared/storage': ['shared/storage/a.ts', 'shared/domain/x.ts'],
  'shared/private-link': ['shared/private-link/a.ts', 'shared/review/x.ts'],
  'shared/private-link/arm': ['shared/private-link/arm/a.ts', 'shared/ports/x.ts'],
  'shared/private-link/resource-types': ['shared/private-link/resource-types/a.ts', 'node:fs'],
  'shared/private-link/connections': [
    'shared/private-link/connections/a.ts',
    'shared/private-link/proof/x.ts',
  ],
  'shared/private-link/requesters': ['shared/private-link/requesters/a.ts', 'shared/private-link/proof/x.ts'],
  'shared/private-link/proof': ['shared/private-link/proof/a.ts', 'shared/private-link/connections/x.ts'],
  'shared/private-link/askers': ['shared/private-link/askers/a.ts', 'shared/private-link/proof/x.ts'],
  'shared/private-link/searches': ['shared/private-link/searches/a.ts', 'shared/private-link/proof/x.ts'],
  'shared/queue': ['shared/queue/a.ts', 'shared/storage/x.ts'],
  'shared/events': ['shared/events/a.ts', 'shared/queue/x.ts'],
  'shared/channels': ['shared/channels/a.ts', 'shared/review/x.ts'],
  'shared/channels/text': ['shared/channels/text/a.ts', 'shared/channels/http/x.ts'],
  'shared/channels/http': ['shared/channels/http/a.ts', 'shared/channels/text/x.ts'],
  'shared/channels/log': ['shared/channels/log/a.ts', 'shared/channels/http/y.ts'],
  'shared/channels/teams': ['shared/channels/teams/a.ts', 'shared/channels/email/x.ts'],
  'shared/channels/email': ['shared/channels/email/a.ts', 'shared/channels/teams/x.ts'],
  'shared/channels/webhook': ['shared/channels/webhook/a.ts', 'shared/channels/teams/y.ts'],
  'shared/config': ['shared/config/a.ts', 'shared/review/x.ts'],
  'shared/http': ['shared/http/a.ts', 'shared/sign-in/x.ts'],
  'shared/links': ['shared/links/a.ts', 'shared/http/x.ts'],
  'shared/links/storage': ['shared/links/storage/a.ts', 'shared/http/y.ts'],
  'shared/pages': ['shared/pages/a.ts', 'shared/ledger/x.ts'],
  'shared/sign-in': ['shared/sign-in/a.ts', 'shared/storage/x.ts'],
  'shared/sign-in/tenant': ['shared/sign-in/tenant/a.ts', 'shared/sign-in/storage/x.ts'],
  'shared/sign-in/storage': ['shared/sign-in/storage/a.ts', 'shared/sign-in/tenant/x.ts'],
  'shared/telemetry': ['shared/telemetry/a.ts', 'shared/config/x.ts'],
  'cli/terminal': ['cli/terminal/a.ts', 'cli/command/x.ts'],
  'cli/place': ['cli/place/a.ts', 'cli/command/x.ts'],
  'cli/command': ['cli/command/a.ts', 'cli/allow-list/x.ts'],
  'cli/allow-list': ['cli/allow-list/a.ts', 'cli/what-if/x.ts'],
  'cli/what-if': ['cli/what-if/a.ts', 'cli/approvals/x.ts'],
  'cli/approvals': ['cli/approvals/a.ts', 'cli/what-if/x.ts'],
  'cli/channels': ['cli/channels/a.ts', 'cli/doctor/x.ts'],
  'cli/notifications': ['cli/notifications/a.ts', 'shared/notify/x.ts'],
  'cli/decisions': ['cli/decisions/a.ts', 'cli/allow-list/x.ts'],
  'cli/links': ['cli/links/a.ts', 'cli/decisions/x.ts'],
  'cli/sessions': ['cli/sessions/a.ts', 'cli/decisions/x.ts'],
  'cli/doctor': ['cli/doctor/a.ts', 'shared/review/x.ts'],
  build: ['build/a.ts', 'local/x.ts'],
  scripts: ['scripts/a.ts', 'cli/command/x.ts'],
  'local/functions-host': ['local/functions-host/a.ts', 'shared/domain/x.ts'],
  'local/azure': ['local/azure/a.ts', 'shared/domain/x.ts'],
  'local/inbox': ['local/inbox/a.ts', 'local/azure/store.ts'],
  'functions-are-thin': ['functions/a.ts', 'shared/ledger/x.ts'],
  'sign-in-knows-ports-only': ['shared/sign-in/b.ts', 'shared/sign-in/tenant/x.ts'],
  'nothing-imports-functions': ['shared/app.ts', 'functions/x.ts'],
  'nothing-imports-the-command-line': ['functions/b.ts', 'cli/place/x.ts'],
  'one-composition-root': ['shared/review/b.ts', 'shared/app.ts'],
  'nothing-lies-beside-the-composition-root': ['shared/a.ts', 'shared/domain/x.ts'],
  'nothing-is-imported-from-beside-the-composition-root': ['local/b.ts', 'shared/x.ts'],
  'the-product-does-not-know-its-simulation': ['cli/a.ts', 'local/x.ts'],
  'local-does-not-know-scripts': ['local/a.ts', 'scripts/x.ts'],
  'bundle-holds-runtime-dependencies-only': ['shared/config/b.ts', 'a-tool'],
}

let folder: string
let found: ICruiseResult

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layers-'))
  await writeTree(folder)
  const options = await extractOptions(config)
  const folders = ['build', 'cli', 'functions', 'local', 'scripts', 'shared']
  found = (await cruise(folders, { ...options, baseDir: folder })).output as ICruiseResult
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the layers', () => {
  it('have a planted violation for each rule', () => {
    const rules = found.summary.ruleSetUsed?.forbidden ?? []
    expect(Object.keys(planted).toSorted()).toEqual(rules.map(({ name = '' }) => name).toSorted())
  })

  it.each(Object.entries(planted))('notice what %s forbids', (rule, [from]) => {
    const rules = found.summary.violations.filter((one) => one.from === from).map((one) => one.rule.name)
    expect(rules).toContain(rule)
  })

  it('have a rule for each folder of the product', async () => {
    const folders = new Set<string>()
    for await (const file of glob('{shared,cli}/*/**/*.ts', { cwd: root })) folders.add(dirname(file))
    expect([...folders].filter((folder) => !isUnderRule(folder))).toEqual([])
  })
})

/** True when the folder is a room, or lies in one that has no rooms below it. */
function isUnderRule(folder: string): boolean {
  const rooms = Object.keys(planted)
  const isParted = (room: string) => rooms.some((other) => other.startsWith(`${room}/`))
  return rooms.some((room) => folder === room || (folder.startsWith(`${room}/`) && !isParted(room)))
}

/** The modules with the planted imports, and what they import; the packages are there by name only. */
async function writeTree(base: string): Promise<void> {
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(base, file)), { recursive: true })
    await writeFile(join(base, file), text)
  }
  await write('package.json', JSON.stringify({ devDependencies: { 'a-tool': '1.0.0' } }))
  await write('node_modules/a-tool/package.json', JSON.stringify({ name: 'a-tool', main: 'index.js' }))
  await write('node_modules/a-tool/index.js', '')
  const texts = new Map<string, string>()
  for (const [rule, [from, imported]] of Object.entries(planted)) {
    texts.set(from, `import type {} from '${specifier(from, imported)}'\n`)
    if (!imported.endsWith('.ts') || rule === 'no-unresolvable') continue
    const back = rule === 'no-circular' ? `import type {} from '${specifier(imported, from)}'\n` : ''
    texts.set(imported, texts.get(imported) ?? back)
  }
  for (const [file, text] of texts) await write(file, text)
}

function specifier(from: string, imported: string): string {
  if (!imported.endsWith('.ts')) return imported
  const path = relative(dirname(from), imported)
  return path.startsWith('.') ? path : `./${path}`
}
