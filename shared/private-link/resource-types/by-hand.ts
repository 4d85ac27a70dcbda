import type { ConnectionWrite } from '../../domain/connection-write.ts'
import { asciiLowerCase, isSameName, parseResourceId } from '../../domain/resource-id.ts'
import { azureCliTypes } from './azure-cli-types.ts'
import type { ResourceType } from './resource-type.ts'
import { listsOfType } from './table.ts'
import { bodyOf, type WrittenConnection } from './write-body.ts'

/** How a person decides a connection with Azure's own means. */
export interface ByHand {
  /** Commands of the Azure CLI, for a shell as that of Azure Cloud Shell. */
  readonly approve: string
  readonly reject: string
  /** What is sent to Azure Resource Manager. */
  readonly verb: 'PUT' | 'PATCH' | 'POST'
  readonly path: string
  /** What an approval writes beside the status; undefined where the type keeps no description. */
  readonly description: string | undefined
}

/** A request as a record holds it. */
export interface RecordedRequest {
  /** Undefined where it is about a whole target. */
  readonly connectionId: string | undefined
  readonly targetId: string
  readonly endpointId: string | undefined
  readonly groupIds: readonly string[] | undefined
}

/** Where a person decides a request in Azure itself, and how. */
export interface InAzure {
  /** Page of the Azure portal. */
  readonly portalLink: string
  /** Undefined where Azure publishes no operation, where the type is not known, and for a whole target. */
  readonly commands: ByHand | undefined
}

/**
 * Pages of the portal on which connections are decided, by type in lower case. Azure publishes no list of them: these
 * are seen in addresses of the portal. Every other resource has an overview.
 */
const portalPages: ReadonlyMap<string, string> = new Map([
  ['microsoft.keyvault/vaults', 'networking'],
  ['microsoft.sql/servers', 'networking'],
  ['microsoft.storage/storageaccounts', 'networking'],
])

const verbs = {
  'put-connection': 'PUT',
  'patch-connection': 'PATCH',
  'post-ingestion-status': 'POST',
} as const

/** Names no decision: this app must not take it for one of its own. */
const approval: ConnectionWrite = { status: 'Approved', description: 'Approved by hand' }
const rejection: ConnectionWrite = { status: 'Rejected', description: 'Rejected by hand' }

/**
 * What a person needs who decides without this app.
 * @param portal address of the Azure portal, without a slash at its end.
 */
export function inAzure(recorded: RecordedRequest, portal: string): InAzure {
  return { portalLink: portalLink(recorded.targetId, portal), commands: decisionByHand(recorded) }
}

function portalLink(targetId: string, portal: string): string {
  const target = parseResourceId(targetId)
  if (!target) return portal
  const page = portalPages.get(asciiLowerCase(target.type)) ?? 'overview'
  return `${portal}/#resource${encodeURI(target.id)}/${page}`
}

/** The commands for a connection; undefined where Azure publishes no operation for it, or the type is not known. */
export function decisionByHand(recorded: RecordedRequest): ByHand | undefined {
  const target = parseResourceId(recorded.targetId)
  const connection = parseResourceId(recorded.connectionId)
  if (!target || !connection) return undefined
  const list = listOf(target.type, connection.type)
  if (!list || list.writeForm === 'none') return undefined
  const written: WrittenConnection = {
    id: connection,
    endpoint: parseResourceId(recorded.endpointId),
    groupIds: recorded.groupIds,
  }
  const isPost = list.writeForm === 'post-ingestion-status'
  const path = isPost ? `${target.id}/ingestionPrivateEndpointConnectionStatus` : connection.id
  const verb = verbs[list.writeForm]
  const hasCommand = !isPost && azureCliTypes.has(asciiLowerCase(list.type))
  const command = (write: ConnectionWrite) =>
    hasCommand ? networkCommand(connection.id, write) : restCommand(verb, path, written, write, list)
  return {
    approve: command(approval),
    reject: command(rejection),
    verb,
    path: `${path}?api-version=${list.apiVersion}`,
    description: isPost || list.description === 'read-only' ? undefined : approval.description,
  }
}

function listOf(targetType: string, connectionType: string): ResourceType | undefined {
  const [childType = ''] = connectionType.split('/').slice(-1)
  return listsOfType(targetType).find(({ childTypes }) =>
    childTypes.some((known) => isSameName(known.split('/').at(-1) ?? '', childType)),
  )
}

function networkCommand(id: string, { status, description }: ConnectionWrite): string {
  const verb = status === 'Approved' ? 'approve' : 'reject'
  return `az network private-endpoint-connection ${verb} --id ${inShell(id)} --description ${inShell(description)}`
}

function restCommand(
  verb: string,
  path: string,
  connection: WrittenConnection,
  write: ConnectionWrite,
  list: ResourceType,
): string {
  const body =
    list.writeForm === 'post-ingestion-status'
      ? { privateEndpointId: connection.endpoint?.id ?? connection.id.id, status: write.status }
      : bodyOf(connection, write, list)
  const address = `${path}?api-version=${list.apiVersion}`
  return `az rest --method ${verb.toLowerCase()} --url ${inShell(address)} --body ${inShell(JSON.stringify(body))}`
}

function inShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
