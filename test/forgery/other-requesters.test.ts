import { describe, expect, it } from 'vitest'
import { clouds } from '../../shared/config/clouds.ts'
import { fails } from './attack.ts'
import {
  Arena,
  attackerSubscription,
  catalog,
  connectionOf,
  endpointNamed,
  fabricWorkspace,
  factory,
  failed,
  lake,
  managedEndpoint,
  ok,
  workspace,
} from './arena.ts'

const synapse = synapseOf('syn-graph')
const purview = clouds.public.purview.endpoint.replace('{account}', 'pv-cat')
const fabric = clouds.public.fabric.endpoint

function synapseOf(name: string): string {
  return clouds.public.synapse.endpoint.replace('{workspace}', name)
}

/** Only the attacker's connection, and a rule that lets this requester reach the lake. */
function allowing(requester: string, endpointId: string, arena: Arena): void {
  arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'resource', id: requester } }))
  arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointId)])
}

function workspaceLists(origin: string, arena: Arena): void {
  const address = `${origin}/managedVirtualNetworks/default/managedPrivateEndpoints`
  arena.dataPlanes.set(address, ok({ value: [managedEndpoint('mpe-blob', lake, 'blob')] }))
}

async function isApproved(prepare: (arena: Arena) => void): Promise<void> {
  const arena = new Arena()
  prepare(arena)
  await arena.pass(lake)
  expect(arena.approvals()).toEqual(['c-evil'])
}

describe('through Synapse', () => {
  const asked = (arena: Arena) => {
    allowing(workspace, endpointNamed('syn-graph.mpe-blob'), arena)
    workspaceLists(synapse, arena)
  }
  it('the workspace’s own endpoint is approved while the workspace is there', () =>
    isApproved((arena) => {
      asked(arena)
      arena.instead.set(`GET ${workspace}`, ok({}))
    }))
  fails({
    title: 'an unknown requester’s workspace has the name of ours that is gone, and lists the endpoint',
    prepare: (arena) => {
      asked(arena)
      arena.instead.set(`GET ${workspace}`, failed(404, 'ResourceNotFound'))
    },
    mayAsk: [synapse],
    refusal: 'requester-not-found',
  })
  fails({
    title: 'an unknown requester’s workspace is called like our factory, and only it lists the endpoint',
    prepare: (arena) => {
      allowing(factory, endpointNamed('adf-sales.mpe-blob'), arena)
      arena.managedEndpoints.set(factory, [])
      workspaceLists(synapseOf('adf-sales'), arena)
    },
    refusal: 'no-such-managed-endpoint',
  })
})

describe('through Purview', () => {
  const asked = (target: string) => (arena: Arena) => {
    allowing(catalog, endpointNamed('pv-cat.mpe'), arena)
    arena.instead.set(`GET ${catalog}`, ok({ properties: { provisioningState: 'Succeeded' } }))
    const address = `${purview}/scan/managedvirtualnetworks/defaultv2/managedprivateendpoints`
    arena.dataPlanes.set(address, ok({ value: [managedEndpoint('mpe', target, 'blob')] }))
  }
  it('the account’s own endpoint is approved', () => isApproved(asked(lake)))
  fails({
    title: 'an unknown requester’s endpoint has a name that our account’s list has for another target',
    prepare: asked(lake.replace('stlake', 'stother')),
    mayAsk: [purview],
    refusal: 'no-such-managed-endpoint',
  })
})

describe('through Fabric', () => {
  const workspaceId = fabricWorkspace.split('/').at(-1) ?? ''
  const asked = (endpointId: string) => (arena: Arena) => {
    allowing(fabricWorkspace, endpointId, arena)
    const waiting = {
      name: 'lake',
      targetPrivateLinkResourceId: lake,
      targetSubresourceType: 'blob',
      provisioningState: 'Succeeded',
      connectionState: { status: 'Pending' },
    }
    const address = `${fabric}/v1/workspaces/${workspaceId}/managedPrivateEndpoints`
    arena.dataPlanes.set(address, ok({ value: [waiting] }))
  }
  it('the workspace’s own endpoint is approved', () =>
    isApproved(asked(endpointNamed(`${workspaceId}.lake`))))
  fails({
    title: 'an ordinary endpoint of an unknown requester has the name of one that the workspace waits with',
    prepare: asked(endpointNamed(`${workspaceId}.lake`, attackerSubscription)),
    mayAsk: [fabric],
    refusal: 'tenant-not-managed',
  })
})
