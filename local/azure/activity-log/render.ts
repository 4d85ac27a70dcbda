import { personById } from '../identity/people/directory.ts'
import type { Caller, JsonObject } from '../http/exchange.ts'
import { parseResourceId, stableGuid, subscriptionOf } from '../ids.ts'
import type { ActivityRecord } from '../state.ts'

/** Members that `$select` can name. `caller` and others beyond the documented ones are shown without `$select` only. */
export const selectable = [
  ...[
    'authorization',
    'claims',
    'correlationId',
    'description',
    'eventDataId',
    'eventName',
    'eventTimestamp',
  ],
  ...['httpRequest', 'level', 'operationId', 'operationName', 'properties', 'resourceGroupName'],
  ...['resourceProviderName', 'resourceId', 'status', 'submissionTimestamp', 'subStatus', 'subscriptionId'],
]

const phases = [
  { eventName: 'EndRequest', status: 'Succeeded', subStatus: 'Created' },
  { eventName: 'BeginRequest', status: 'Started', subStatus: '' },
] as const

/** The two events of one call that Azure took, the later one first, with the members of the published examples. */
export function renderEvents(record: ActivityRecord, lagMs: number): JsonObject[] {
  return phases.map((phase) => renderEvent(record, phase, lagMs))
}

function renderEvent(
  { id, at, resourceUri, operationName, method, caller }: ActivityRecord,
  { eventName, status, subStatus }: (typeof phases)[number],
  lagMs: number,
): JsonObject {
  const resource = parseResourceId(resourceUri)
  const eventDataId = stableGuid(`${id}/${eventName}`)
  return {
    authorization: { action: operationName, scope: resourceUri },
    caller: caller.userName ?? caller.objectId,
    channels: 'Operation',
    claims: claimsOf(caller, at),
    correlationId: id,
    description: '',
    eventDataId,
    eventName: localizable(eventName),
    category: localizable('Administrative'),
    eventTimestamp: new Date(at).toISOString(),
    httpRequest: { clientRequestId: stableGuid(`${id}/request`), clientIpAddress: '203.0.113.17', method },
    id: `${resourceUri}/events/${eventDataId}/ticks/${at}0000`,
    level: 'Informational',
    operationId: id,
    operationName: localizable(operationName),
    resourceGroupName: resource?.resourceGroup ?? '',
    resourceProviderName: localizable(operationName.split('/')[0] ?? ''),
    resourceType: localizable(resource?.type ?? ''),
    resourceId: resourceUri,
    status: localizable(status),
    subStatus: localizable(subStatus),
    submissionTimestamp: new Date(at + lagMs).toISOString(),
    subscriptionId: subscriptionOf(resourceUri),
    tenantId: caller.tenantId,
    properties: subStatus === '' ? {} : { statusCode: subStatus },
    relatedEvents: [],
  }
}

/** Long names stand for those of the token; an application's own token has neither scope nor UPN. */
function claimsOf({ tenantId, clientId, objectId, audience, userName }: Caller, at: number): JsonObject {
  const seconds = Math.floor(at / 1000)
  return {
    aud: audience,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: String(seconds),
    nbf: String(seconds),
    exp: String(seconds + 3600),
    appid: clientId,
    appidacr: userName === undefined ? '1' : '0',
    idtyp: userName === undefined ? 'app' : 'user',
    'http://schemas.microsoft.com/identity/claims/objectidentifier': objectId,
    'http://schemas.microsoft.com/identity/claims/tenantid': tenantId,
    ...(userName === undefined ? {} : claimsOfPerson(objectId, userName)),
    ver: '1.0',
  }
}

function claimsOfPerson(objectId: string, userName: string): JsonObject {
  return {
    ipaddr: '203.0.113.17',
    name: personById(objectId)?.name ?? '',
    'http://schemas.microsoft.com/identity/claims/scope': 'user_impersonation',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name': userName,
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': userName,
  }
}

function localizable(value: string): JsonObject {
  return { value, localizedValue: value }
}
