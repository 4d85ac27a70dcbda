import { expect, it } from 'vitest'
import { proofInOneLine, spokenProof } from '../../../shared/domain/spoken-proof.ts'
import { confirmed, doubted } from '../../support/sample-pages.ts'

const [contradicting, unreadable] = doubted.refusals
const refusals = [unreadable, contradicting].flatMap((one) => one ?? [])

it.each([
  [
    'yes',
    'Verified',
    'Verified. A second witness agrees: the list of the requester itself, or its endpoint.',
    confirmed,
  ],
  [
    'unknown',
    'Partly verified',
    'Partly verified. Azure shows the endpoint and the tenant that owns it. No second witness confirmed it. The ordinary endpoint lies where this app cannot read it, in another tenant as a rule.',
    { ...doubted, refusals: refusals.slice(0, 1) },
  ],
  [
    'no',
    'Contradicted',
    'Contradicted. Another connection of the target, not Disconnected, has an endpoint of the same name.',
    { ...doubted, refusals },
  ],
  [
    'no',
    'Contradicted',
    'Contradicted. Another connection of the target, not Disconnected, has an endpoint of the same name.',
    { ...confirmed, refusals },
  ],
  [
    'no',
    'Not verified',
    'Not verified. It is not known who asks. Azure does not show which endpoint stands behind the connection.',
    { ...doubted, level: 'none', refusals: [{ code: 'no-endpoint-id', sentence: 'x' }] },
  ],
  [
    'no',
    'Not verified',
    'Not verified. It is not known who asks.',
    { ...doubted, level: 'none', refusals: [] },
  ],
  ['unknown', 'Not checked', 'Not checked. Nobody was asked who the requester is.', undefined],
] as const)('says how far a requester is verified: %s, %s', (sign, label, line, proof) => {
  expect(spokenProof(proof)).toMatchObject({ sign, label })
  expect(proofInOneLine(proof)).toBe(line)
})
