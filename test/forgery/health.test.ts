import { describe } from 'vitest'
import { clouds } from '../../shared/config/clouds.ts'
import {
  type Arena,
  catalog,
  connectionOf,
  endpointNamed,
  fabricWorkspace,
  factory,
  lake,
  managedEndpoint,
  ok,
  ordinaryEndpoint,
  resource,
  dataPlatform,
  workspace,
} from './arena.ts'
import { fails } from './attack.ts'

/** Only the attacker's connection, and a rule that lets this requester reach the lake. */
function allowing(requester: string, endpointId: string, arena: Arena): void {
  arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'resource', id: requester } }))
  arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointId)])
}

const synapse = clouds.public.synapse.endpoint.replace('{workspace}', 'syn-graph')
const purview = clouds.public.purview.endpoint.replace('{account}', 'pv-cat')
const fabric = clouds.public.fabric.endpoint

function throughSynapse(shown: object, item: Record<string, unknown> = {}) {
  return (arena: Arena): void => {
    allowing(workspace, endpointNamed('syn-graph.mpe-blob'), arena)
    arena.instead.set(`GET ${workspace}`, ok({ properties: shown }))
    const list = `${synapse}/managedVirtualNetworks/default/managedPrivateEndpoints`
    arena.dataPlanes.set(list, ok({ value: [managedEndpoint('mpe-blob', lake, 'blob', item)] }))
  }
}

function throughPurview(shown: object, item: Record<string, unknown> = {}) {
  return (arena: Arena): void => {
    allowing(catalog, endpointNamed('pv-cat.mpe'), arena)
    arena.instead.set(`GET ${catalog}`, ok({ properties: shown }))
    const list = `${purview}/scan/managedvirtualnetworks/defaultv2/managedprivateendpoints`
    arena.dataPlanes.set(list, ok({ value: [managedEndpoint('mpe', lake, 'blob', item)] }))
  }
}

function throughFabric(provisioningState: string | undefined) {
  return (arena: Arena): void => {
    const id = fabricWorkspace.split('/').at(-1) ?? ''
    allowing(fabricWorkspace, endpointNamed(`${id}.lake`), arena)
    const item = {
      name: 'lake',
      targetPrivateLinkResourceId: lake,
      targetSubresourceType: 'blob',
      provisioningState,
      connectionState: { status: 'Pending' },
    }
    arena.dataPlanes.set(`${fabric}/v1/workspaces/${id}/managedPrivateEndpoints`, ok({ value: [item] }))
  }
}

describe('a requester that is there and not well approves nobody:', () => {
  for (const provisioningState of ['Deleting', 'Failed', 'Canceled']) {
    fails({
      title: `a factory that is ${provisioningState}`,
      prepare: (arena) => {
        arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointNamed('adf-sales.mpe-blob'))])
        arena.instead.set(`GET ${factory}`, ok({ properties: { provisioningState } }))
      },
      refusal: 'requester-not-healthy',
    })
    fails({
      title: `a workspace that is ${provisioningState}, whose name the next owner may have registered`,
      prepare: throughSynapse({ provisioningState }),
      mayAsk: [synapse],
      refusal: 'requester-not-healthy',
    })
    fails({
      title: `an account that is ${provisioningState}`,
      prepare: throughPurview({ provisioningState }),
      mayAsk: [purview],
      refusal: 'requester-not-healthy',
    })
  }
  fails({
    title: 'an account that is softly deleted',
    prepare: throughPurview({ provisioningState: 'SoftDeleted' }),
    mayAsk: [purview],
    refusal: 'requester-not-healthy',
  })
  fails({
    title: 'an account that states nothing of itself, where its states are only inferred',
    prepare: throughPurview({}),
    mayAsk: [purview],
    refusal: 'requester-not-healthy',
  })
})

describe('a requester whose service is elsewhere approves nobody:', () => {
  fails({
    title: 'a workspace that states the address of another one',
    prepare: throughSynapse({
      provisioningState: 'Succeeded',
      connectivityEndpoints: { dev: 'https://syn-other.dev.azuresynapse.net' },
    }),
    mayAsk: [synapse],
    refusal: 'data-plane-address-differs',
  })
  fails({
    title: 'an account that states the address of another one',
    prepare: throughPurview({
      provisioningState: 'Succeeded',
      endpoints: { scan: 'https://pv-other.purview.azure.com/scan' },
    }),
    mayAsk: [purview],
    refusal: 'data-plane-address-differs',
  })
})

describe('a managed endpoint that is Pending and not well is not approved:', () => {
  fails({
    title: 'of an account, while it is updating',
    prepare: throughPurview({ provisioningState: 'Succeeded' }, { provisioningState: 'Updating' }),
    mayAsk: [purview],
    refusal: 'managed-endpoint-not-ready',
  })
  fails({
    title: 'of a workspace, softly deleted',
    prepare: throughSynapse({ provisioningState: 'Succeeded' }, { provisioningState: 'SoftDeleted' }),
    mayAsk: [synapse],
    refusal: 'managed-endpoint-not-pending',
  })
  fails({
    title: 'of a workspace, whose stated id is that of another endpoint',
    prepare: throughSynapse(
      { provisioningState: 'Succeeded' },
      { resourceId: endpointNamed('syn-graph.mpe-blob').replace('-1-rg', '-2-rg') },
    ),
    mayAsk: [synapse],
    refusal: 'endpoint-id-differs',
  })
  fails({
    title: 'of a workspace, whose stated id is a blank',
    prepare: throughSynapse({ provisioningState: 'Succeeded' }, { resourceId: ' ' }),
    mayAsk: [synapse],
    refusal: 'endpoint-id-differs',
  })
  fails({
    title: 'of Fabric, in a state that is not known',
    prepare: throughFabric('Verifying'),
    mayAsk: [fabric],
    refusal: 'managed-endpoint-not-ready',
  })
  fails({
    title: 'of Fabric, without a state',
    prepare: throughFabric(undefined),
    mayAsk: [fabric],
    refusal: 'managed-endpoint-not-ready',
  })
})

describe('an ordinary endpoint that is not well is not approved:', () => {
  const inside = resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', 'pe-app')
  for (const provisioningState of ['Deleting', 'Failed']) {
    fails({
      title: `while it is ${provisioningState}`,
      prepare: (arena) => {
        allowing(inside, inside, arena)
        const { properties, ...rest } = ordinaryEndpoint(inside, lake, ['blob'])
        arena.endpoints.set(inside, { ...rest, properties: { ...properties, provisioningState } })
      },
      refusal: 'endpoint-not-pending',
    })
  }
})
