/** Address of a service, and the scope of its token. */
export interface ServiceAddress {
  readonly endpoint: string
  readonly scope: string
}

/** Addresses of one cloud. */
export interface Cloud {
  readonly armEndpoint: string
  readonly loginHosts: readonly string[]
  readonly storageSuffix: string
  /** Address of the portal, without a slash at its end. */
  readonly portal: string
  readonly synapse: ServiceAddress
  readonly purview: ServiceAddress
  /** Undefined: the cloud does not have the service, or its address is unknown. */
  readonly fabric: ServiceAddress | undefined
  readonly databricks: ServiceAddress
  readonly signIn: {
    readonly authority: string
    /** The scope of the token by which an identity of the app proves itself for its app registration. */
    readonly assertionScope: string
    readonly graph: ServiceAddress
  }
}

/** The application id of Azure Databricks in every tenant (recalled). */
const databricksScope = '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d/.default'

/**
 * The clouds by the value of the setting AZURE_CLOUD. Hosts of Azure Resource Manager, login, storage and Synapse as the
 * Azure CLI has them; Purview's of Azure Government from its page about private DNS zones. Reported only: Purview in
 * China, sign-in and Graph there, Databricks outside the public cloud; sources disagree on the scope of Purview and the host of Databricks there.
 */
export const clouds = {
  public: {
    armEndpoint: 'https://management.azure.com',
    loginHosts: ['login.microsoftonline.com', 'login.windows.net'],
    storageSuffix: 'core.windows.net',
    portal: 'https://portal.azure.com',
    synapse: synapseAt('dev.azuresynapse.net'),
    purview: purviewAt('purview.azure.com'),
    fabric: {
      endpoint: 'https://api.fabric.microsoft.com',
      scope: 'https://api.fabric.microsoft.com/.default',
    },
    databricks: { endpoint: 'https://accounts.azuredatabricks.net', scope: databricksScope },
    signIn: signInAt('https://login.microsoftonline.com', 'AzureADTokenExchange', 'graph.microsoft.com'),
  },
  'us-government': {
    armEndpoint: 'https://management.usgovcloudapi.net',
    loginHosts: ['login.microsoftonline.us'],
    storageSuffix: 'core.usgovcloudapi.net',
    portal: 'https://portal.azure.us',
    synapse: synapseAt('dev.azuresynapse.usgovcloudapi.net'),
    purview: purviewAt('purview.azure.us'),
    fabric: undefined,
    databricks: { endpoint: 'https://accounts.azuredatabricks.us', scope: databricksScope },
    signIn: signInAt('https://login.microsoftonline.us', 'AzureADTokenExchangeUSGov', 'graph.microsoft.us'),
  },
  china: {
    armEndpoint: 'https://management.chinacloudapi.cn',
    loginHosts: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    storageSuffix: 'core.chinacloudapi.cn',
    portal: 'https://portal.azure.cn',
    synapse: synapseAt('dev.azuresynapse.azure.cn'),
    purview: purviewAt('purview.azure.cn'),
    fabric: undefined,
    databricks: { endpoint: 'https://accounts.azuredatabricks.cn', scope: databricksScope },
    signIn: signInAt(
      'https://login.partner.microsoftonline.cn',
      'AzureADTokenExchangeChina',
      'microsoftgraph.chinacloudapi.cn',
    ),
  },
} as const satisfies Record<string, Cloud>

function synapseAt(suffix: string): ServiceAddress {
  return { endpoint: `https://{workspace}.${suffix}`, scope: `https://${suffix}/.default` }
}

function purviewAt(suffix: string): ServiceAddress {
  return { endpoint: `https://{account}.${suffix}`, scope: 'https://purview.azure.net/.default' }
}

function signInAt(authority: string, exchange: string, graphHost: string): Cloud['signIn'] {
  const graph = { endpoint: `https://${graphHost}`, scope: `https://${graphHost}/.default` }
  return { authority, assertionScope: `api://${exchange}/.default`, graph }
}
