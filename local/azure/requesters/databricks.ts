import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AzureError, jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import { idKey, newEtag } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'
import type { DataPlane } from './data-plane.ts'
import { renderRules, ruleRoutes } from './databricks-rules.ts'

/** The collection of accounts, to which the control calls add new ones. */
export const databricksAccounts = '/databricks/api/2.0/accounts'

const configType = 'Databricks/networkConnectivityConfigs'
const configs = `${databricksAccounts}/{account}/network-connectivity-configs`
const body = z.looseObject({ name: z.string().min(1), region: z.string().min(1) })

/** Network connectivity of Databricks accounts: `/databricks` stands for `https://accounts.azuredatabricks.net`. */
export function databricksPlane(world: World): DataPlane {
  const one = `${configs}/{config}`
  const rules = ruleRoutes(world, `${one}/private-endpoint-rules`, (call) => requireConfig(world, call))
  return {
    prefix: 'databricks',
    audience: '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d',
    owner: () => undefined,
    versioned: false,
    errorBody: ({ status, code, message }) => ({
      error_code: status === 401 ? 'UNAUTHENTICATED' : code,
      message,
    }),
    routes: [
      { method: 'GET', template: configs, handle: (call) => listConfigs(world, call) },
      { method: 'POST', template: configs, handle: (call) => createConfig(world, call) },
      {
        method: 'GET',
        template: one,
        handle: (call) => ({ status: 200, body: renderConfig(world, requireConfig(world, call)) }),
      },
      ...rules,
    ],
  }
}

function listConfigs(world: World, call: Call): Reply {
  const account = requireAccount(world, call)
  const items = [...world.store.resources.values()]
    .filter((held) => held.type === configType && idKey(held.id).startsWith(`${idKey(account.id)}/`))
    .map((config) => renderConfig(world, config))
  return { status: 200, body: { items } }
}

function createConfig(world: World, call: Call): Reply {
  const account = requireAccount(world, call)
  const { name, region } = jsonBody(call, body)
  const id = randomUUID()
  const config: Resource = {
    id: `${account.id}/network-connectivity-configs/${id}`,
    type: configType,
    name: id,
    location: region,
    tags: {},
    body: {},
    properties: { name, creation_time: Date.now() },
    etag: newEtag(),
  }
  world.store.resources.set(idKey(config.id), config)
  world.store.changed()
  return { status: 200, body: renderConfig(world, config) }
}

function renderConfig(world: World, config: Resource): JsonObject {
  return {
    network_connectivity_config_id: config.name,
    account_id: config.id.split('/').at(-3),
    region: config.location,
    ...config.properties,
    egress_config: { target_rules: { azure_private_endpoint_rules: renderRules(world, config) } },
  }
}

function requireConfig(world: World, call: Call): Resource {
  const account = requireAccount(world, call)
  const id = `${account.id}/network-connectivity-configs/${param(call, 'config')}`
  const config = world.store.resources.get(idKey(id))
  if (config !== undefined) return config
  throw missing(`network connectivity configuration ${param(call, 'config')}`)
}

/** An account of another tenant is refused, not hidden: assumed. */
function requireAccount(world: World, call: Call): Resource {
  const account = world.store.resources.get(idKey(`${databricksAccounts}/${param(call, 'account')}`))
  if (account === undefined) throw missing(`account ${param(call, 'account')}`)
  if (account.properties['tenantId'] === call.caller?.tenantId) return account
  throw new AzureError(403, 'PERMISSION_DENIED', `The caller is no administrator of account ${account.name}.`)
}

function missing(what: string): AzureError {
  return new AzureError(404, 'RESOURCE_DOES_NOT_EXIST', `There is no ${what}.`)
}
