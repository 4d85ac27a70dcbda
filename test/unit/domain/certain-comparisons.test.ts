import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const certain = /\bstrictKey\b|\bstrictSegments\b|\b[iI]sCertainly[A-Z]\w+|\bcertainlyMatchesName\b/

/** Each of these confirms or allows something, or shows which `allow` does; everything else goes by identity. */
const mayBeCertain = [
  'shared/domain/requester-id.ts',
  'shared/domain/resource-id.ts',
  'shared/domain/scope.ts',
  'shared/ledger/schema.ts',
  'shared/lint/comparable.ts',
  'shared/policy/count-condition.ts',
  'shared/policy/letters-condition.ts',
  'shared/policy/requester-condition.ts',
  'shared/private-link/proof/competing-claims.ts',
  'shared/private-link/proof/managed-endpoint-match.ts',
  'shared/private-link/proof/ordinary.ts',
  'shared/private-link/proof/proofs.ts',
  'shared/request/applying-rows.ts',
  'shared/request/claim-reads.ts',
  'shared/request/contradiction.ts',
  'shared/review/counted-places.ts',
  'shared/review/places.ts',
  'shared/what-if/suggest-requester.ts',
  'shared/what-if/suggest.ts',
]

it('only what confirms or allows compares letters beyond A to Z by themselves', () => {
  const found = ['shared', 'functions', 'cli']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => file.endsWith('.ts') && certain.test(readFileSync(file, 'utf8')))
  expect(found.toSorted()).toEqual(mayBeCertain)
})
