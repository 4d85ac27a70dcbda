import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { clouds } from '../../../shared/config/clouds.ts'
import { refusalCodes } from '../../../shared/domain/refusal-codes.ts'
import { requesterKinds } from '../../../shared/domain/requester-kind.ts'

const page = readFileSync(new URL('../../../docs/requesters.md', import.meta.url), 'utf8')

/** Cells of the rows below a heading, the head of the table left out. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [own = ''] = section.split('\n## ')
  return own
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )
}

describe('the page about requesters', () => {
  it('has every code with what it means, and no other', () => {
    const inCode = Object.entries(refusalCodes).map(([code, { meaning, advice, isTransient, witness }]) => [
      `\`${code}\``,
      meaning,
      advice,
      isTransient ? 'yes' : '',
      witness,
    ])
    expect(rowsUnder('Why somebody is not confirmed')).toEqual(inCode)
  })

  it('has every kind with its type and the best proof it can have', () => {
    const inCode = Object.entries(requesterKinds).map(([kind, { type, reach }]) => [
      `\`${kind}\``,
      `\`${type}\``,
      reach,
    ])
    expect(rowsUnder('Kinds').map(([kind, type, , reach]) => [kind, type, reach])).toEqual(inCode)
  })

  it('has the addresses of every cloud', () => {
    const names = Object.keys(clouds)
    const inCode = Object.values(clouds).map(({ armEndpoint, loginHosts, ...cloud }) => [
      armEndpoint,
      loginHosts
        .map((host) => `\`${host}\``)
        .join(', ')
        .slice(1, -1),
      ...[cloud.synapse, cloud.purview, cloud.fabric, cloud.databricks].flatMap((service) => [
        service?.endpoint,
        service?.scope,
      ]),
    ])
    const rows = rowsUnder('Other clouds')
    names.forEach((_, index) => {
      const shown = rows.map((cells) => cells[index + 1] ?? '')
      expect(shown).toEqual(inCode[index]?.map((text) => (text === undefined ? 'none' : `\`${text}\``)))
    })
  })
})

describe('the codes of refusals', () => {
  it('are words in lower case with hyphens, each with two sentences', () => {
    for (const [code, { meaning, advice }] of Object.entries(refusalCodes)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)+$/)
      expect(meaning).toMatch(/^[A-Z].*\.$/)
      expect(advice).toMatch(/^[A-Z].*\.$/)
    }
  })
})
