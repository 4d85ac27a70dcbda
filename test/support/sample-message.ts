import type { Message, RequestInMessage } from '../../shared/domain/message.ts'

const subscription = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'
const targetId = `${subscription}/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake`
const managed =
  '/subscriptions/c0ffee00-2222-4b7c-9d3e-e58b02b8a002/resourceGroups/rg-managed/providers/Microsoft.Network/privateEndpoints'
const reviewLink = 'https://approver.contoso.example/review/v1.eyJjIjoiNDcxMSJ9.3vQ9m1xkT0'
const portalLink = `https://portal.azure.com/#resource${targetId}/networking`

/** A request as messages show it. */
export function sampleRequestInMessage(change: Partial<RequestInMessage> = {}): RequestInMessage {
  const name = change.connectionName ?? 'stlake.4f3c9a52'
  const connectionId = `${targetId}/privateEndpointConnections/${name}`
  const command = `az network private-endpoint-connection`
  return {
    decisionId: '01JD6Z3X8K5M2N7P4Q9R',
    connectionId,
    connectionName: name,
    targetId,
    targetName: 'stlake',
    targetType: 'Microsoft.Storage/storageAccounts',
    groupIds: ['blob'],
    requester: undefined,
    endpointId: `${managed}/pe-reports-prod`,
    proof: 'Not verified: the endpoint lies in a subscription of another tenant, which this app cannot read.',
    reason:
      'No rule matched. The nearest one, sales-lake, requires the requester "Data Factory adf-sales"; nobody could be verified.',
    requesterSaid: 'Needed for the monthly report, agreed with Kim.',
    flags: ['The endpoint belongs to another tenant.'],
    since: '2026-11-21T17:02:00.000Z',
    portalLink,
    commands: {
      approve: `${command} approve --id ${connectionId} --description "Approved by hand"`,
      reject: `${command} reject --id ${connectionId} --description "Rejected by hand"`,
    },
    ...change,
  }
}

/** A message as the app sends it: one request of an unknown requester, unless changed. */
export function sampleMessage(change: Partial<Message> = {}): Message {
  const requests = change.requests ?? [sampleRequestInMessage()]
  return {
    id: 'case-4711.question.1',
    kind: 'question',
    risk: 'normal',
    case: { id: 'case-4711', kind: 'single' },
    inReplyTo: undefined,
    title: 'Unknown requester asks for stlake (blob)',
    summary: 'Somebody whom no rule names asks for a private connection to the storage account stlake.',
    requests,
    total: requests.length,
    reviewLink,
    expiresAt: '2026-11-28T17:02:00.000Z',
    at: '2026-11-21T17:03:00.000Z',
    timeZone: 'Europe/Berlin',
    ...change,
  }
}

const factory = {
  requester: 'Data Factory adf-sales',
  proof: 'Verified: the factory itself lists this endpoint, and it lies in its managed network.',
  reason: 'The rule sales-lake asks for manual review of every request to a target with the tag data=secret.',
  requesterSaid: 'Requested by Data Factory.',
  flags: ['The requester states other group ids.'],
}

/** One message for each thing that is sent to people. */
export const sampleMessages: Readonly<Record<string, Message>> = {
  'unknown requester': sampleMessage(),
  'factory group of four': sampleMessage({
    case: { id: 'case-4712', kind: 'group' },
    title: 'Data Factory adf-sales asks for 4 connections to stlake',
    summary: 'Data Factory adf-sales has made four managed private endpoints within a minute.',
    requests: ['blob', 'dfs', 'queue', 'table'].map((group) =>
      sampleRequestInMessage({
        ...factory,
        groupIds: [group],
        connectionName: `stlake.adf-sales.${group}`,
        endpointId: `${managed}/adf-sales.${group}`,
      }),
    ),
  }),
  'burst of 200': sampleMessage({
    risk: 'high',
    case: { id: 'case-4713', kind: 'burst' },
    title: '200 requests at once from Data Factory adf-test',
    summary: 'The limit is 50 within 10 minutes. The requests over it wait, whatever the rules say.',
    requests: Array.from({ length: 20 }, (_, index) =>
      sampleRequestInMessage({
        ...factory,
        requester: 'Data Factory adf-test',
        reason: 'Too many requests of one source at once.',
        flags: ['More requests came at once than the burst limit allows.'],
        requesterSaid: undefined,
        connectionName: `stlake.adf-test.${index + 1}`,
      }),
    ),
    total: 200,
  }),
  'competing claims': sampleMessage({
    risk: 'high',
    case: { id: 'case-4714', kind: 'competing-claims' },
    title: '2 connections to stlake claim one endpoint name',
    summary:
      'Two endpoints with the same name wait on stlake. Only one can belong to Data Factory adf-sales.',
    requests: [
      sampleRequestInMessage({
        ...factory,
        proof: 'Not verified: the factory lists an endpoint of this name, and two connections claim it.',
        flags: ['Two connections claim the same endpoint name.'],
        connectionName: 'stlake.adf-sales.blob',
      }),
      sampleRequestInMessage({
        ...factory,
        requester: undefined,
        proof: 'Not verified: the endpoint has the same name and lies in another subscription.',
        flags: [
          'Two connections claim the same endpoint name.',
          'The endpoint belongs to another tenant.',
          "The requester's message contains a link.",
        ],
        connectionName: 'stlake.adf-sales-blob',
        requesterSaid: 'Please approve soon, details: https://login.contoso-azure.example/approve',
      }),
    ],
  }),
  'unreadable target': sampleMessage({
    kind: 'alarm',
    risk: 'high',
    case: { id: 'case-4715', kind: 'target' },
    title: 'Connections of stlake cannot be checked',
    summary:
      'Until this is fixed, nothing on this target is decided, and requests may wait that nobody sees.',
    requests: [
      sampleRequestInMessage({
        connectionId: undefined,
        connectionName: undefined,
        endpointId: undefined,
        groupIds: undefined,
        proof: 'Nothing was verified.',
        reason:
          'Azure refused to list the connections: AuthorizationFailed. Give the app the role "Private Endpoint Approver" on this target.',
        requesterSaid: undefined,
        flags: [],
        commands: undefined,
      }),
    ],
    expiresAt: undefined,
  }),
  'follow-up': sampleMessage({
    id: 'case-4712.follow-up.1',
    kind: 'follow-up',
    inReplyTo: 'case-4712.question.1',
    case: { id: 'case-4712', kind: 'group' },
    title: 'Data Factory adf-sales asks for stlake (file)',
    summary: 'The factory has made one more managed private endpoint.',
    requests: [
      sampleRequestInMessage({ ...factory, groupIds: ['file'], connectionName: 'stlake.adf-sales.file' }),
    ],
  }),
  reminder: sampleMessage({
    id: 'case-4711.reminder.1',
    kind: 'reminder',
    inReplyTo: 'case-4711.question.1',
    summary: 'Nobody has decided in two days.',
    at: '2026-11-23T17:03:00.000Z',
  }),
  outcome: sampleMessage({
    id: 'case-4711.outcome.1',
    kind: 'outcome',
    inReplyTo: 'case-4711.question.1',
    title: 'Unknown requester asked for stlake (blob)',
    summary: 'Alex Approver rejected the request: "Nobody here knows this requester."',
    requests: [
      sampleRequestInMessage({ outcome: 'Rejected by Alex Approver on 2026-11-21 17:40 UTC.', flags: [] }),
    ],
  }),
  test: sampleMessage({
    id: 'test.1',
    kind: 'test',
    case: { id: 'test', kind: 'single' },
    title: 'Test of the channel "lake-owners"',
    summary: 'Robin Admin tried this channel with the command "channels test lake-owners".',
    requests: [],
    reviewLink: undefined,
    expiresAt: undefined,
  }),
}
