import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { ManagedEndpoint } from '../../../shared/private-link/requesters/requester-api.ts'
import { connectionOf, proveWith, target, waiting } from './given-proof.ts'
import { endpointIn, managedSubscription, resourceId } from './ids.ts'

const approved = connectionOf('adf-prod.mpe', { status: 'Approved' })
const listed = (change: Partial<ManagedEndpoint> = {}): ManagedEndpoint =>
  waiting({ endpointName: 'adf-prod.mpe', status: 'Approved', ...change })

function sibling(change: Partial<Connection>): Connection {
  return { ...approved, id: resourceId(`${target.id}/privateEndpointConnections/c2`), ...change }
}

async function codesWith(response: ManagedEndpoint, others: readonly Connection[] = []) {
  const proof = await proveWith(approved, { 'data-factory': [response] }, undefined, () =>
    Promise.resolve({ kind: 'whole', connections: [approved, ...others] }),
  )
  return [proof.level, ...proof.refusals.map(({ code }) => code)]
}

describe('the requester behind an Approved connection', () => {
  it('is confirmed by a managed endpoint that is Approved, too', async () => {
    expect(await codesWith(listed())).toEqual(['confirmed'])
  })

  it.each(['Pending', '', 'Rejected', 'Disconnected'])(
    'is not confirmed by one whose status is "%s"',
    async (status) => {
      expect(await codesWith(listed({ status }))).toEqual(['platform', 'managed-endpoint-not-pending'])
    },
  )

  it('is not confirmed by one that is Approved for somebody else of the same name', async () => {
    const endpointId = endpointIn(managedSubscription, 'other').id
    expect(await codesWith(listed({ endpointId }))).toEqual(['platform', 'endpoint-id-differs'])
  })

  it.each(['Approved', 'Pending', 'Rejected'])(
    'is not confirmed beside a %s connection of the same name',
    async (status) => {
      const endpoint = resourceId(approved.endpoint?.id.replace('/vnet-', '/vnet-other-') ?? '')
      const codes = await codesWith(listed(), [sibling({ endpoint, status })])
      expect(codes).toEqual(['platform', 'competing-claim'])
    },
  )

  it('is not confirmed beside another Approved one that hides its endpoint', async () => {
    const codes = await codesWith(listed(), [sibling({ endpoint: undefined })])
    expect(codes).toEqual(['platform', 'competing-claim-hidden'])
  })

  it('is confirmed beside one that waits and hides its endpoint: that is not the Approved one', async () => {
    const codes = await codesWith(listed(), [sibling({ endpoint: undefined, status: 'Pending' })])
    expect(codes).toEqual(['confirmed'])
  })
})

describe('the requester behind a connection that waits', () => {
  it('is not confirmed by a managed endpoint that is Approved', async () => {
    const connection = connectionOf('adf-prod.mpe')
    const proof = await proveWith(connection, { 'data-factory': [listed()] })
    expect(proof.refusals).toMatchObject([
      { code: 'managed-endpoint-not-pending', sentence: expect.stringContaining('is not waiting') as string },
    ])
  })
})
