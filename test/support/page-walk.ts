import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Stack, startStack } from '../../local/stack.ts'
import { type Block, firstMissing, PageShell, readBlocks } from './page.ts'
import { fastClocks } from './running-stack.ts'

const project = join(import.meta.dirname, '../..')

/** The blocks of docs/local-azure.md. */
export const pageBlocks = readBlocks(readFileSync(join(project, 'docs/local-azure.md'), 'utf8'))

/** What the blocks of the page are marked with. */
export const pageTags = { azureCli: 'az', stackIsStopped: 'stopped' }

const first = [
  'Set up',
  'Tokens',
  'Create targets and requesters',
  'Write the allow-list',
  'Ask as a data factory',
  'Read the decision log',
]

/** Chapters that build on each other, in the order of the page. What the second walk needs of the first is in both. */
export const walks = {
  requests: [
    ...first,
    'The Azure CLI',
    'Ask as a Synapse workspace',
    'Ask as a Purview account',
    'Ask with an ordinary endpoint',
    'Ask as an unknown requester',
    'Decide by hand',
  ],
  events: [...first, 'Send events', 'Run a timer', 'Make Azure fail', 'Read the inbox', 'Start afresh'],
}

/** The app reads a changed allow-list within a second, because its clocks are fast. */
const listKnownMilliseconds = '1500'

/** The tests of a walk: block by block in one shell, on a stack of its own. */
export function testWalk(
  appFolder: () => string,
  chapters: readonly string[],
  { withAzureCli }: { readonly withAzureCli: boolean },
): void {
  describe('docs/local-azure.md, block by block in one shell', () => {
    let folder: string
    let stack: Stack
    let shell: PageShell
    let hasFailed = false

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'local-azure-page-'))
      const stateFolder = join(folder, 'state')
      await mkdir(join(folder, 'blocks'))
      stack = await startStack({
        ports: { functionsApp: 0, azure: 0, storage: 0, inbox: { page: 0, receivers: 0, smtp: 0 } },
        stateFolder,
        persist: false,
        appFolder: appFolder(),
        settings: fastClocks,
      })
      const environment = {
        ...process.env,
        PORT: new URL(stack.functionsApp().origin).port,
        AZURE_SIM_PORT: new URL(stack.azure.origin).port,
        INBOX_PORT: new URL(stack.inbox.origin).port,
        STATE: stateFolder,
        AzureWebJobsStorage: stack.storage,
        LIST_KNOWN_MS: listKnownMilliseconds,
        AZURE_CORE_COLLECT_TELEMETRY: 'no',
      }
      shell = new PageShell(join(folder, 'blocks'), environment, project)
    })
    afterAll(async () => {
      await shell.close()
      await stack.stop()
      await rm(folder, { recursive: true, force: true })
    })

    const blocks = pageBlocks.filter(
      ({ heading, tags }) =>
        chapters.includes(heading) && (withAzureCli || !tags.includes(pageTags.azureCli)),
    )
    for (const block of blocks) {
      it(titleOf(block), { timeout: 180_000 }, async ({ skip }) => {
        skip(hasFailed, 'an earlier block failed, on which this one builds')
        hasFailed = true
        if (block.tags.includes(pageTags.stackIsStopped)) await stack.stop()
        const printed = await shell.run(block.code)
        expect(
          firstMissing(printed, block.expected),
          `is not in what was printed:\n${printed}`,
        ).toBeUndefined()
        hasFailed = false
      })
    }
  })
}

function titleOf({ heading, line, code }: Block): string {
  return `${heading}, line ${line}: ${code.split('\n').find((text) => !text.startsWith('#')) ?? ''}`
}
