import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../../shared/allow-list/table/columns.ts'
import {
  endpointId,
  factoryId,
  row,
  ruleFromRow,
  serviceColumns,
  storageId,
  subscription,
  tenant,
} from './given.ts'

const anyTime = 'a day such as 2027-01-31 or a time in UTC such as 2027-01-31T08:00:00Z'

const fabricId = `/fabric/workspaces/${tenant}`
const networkId = `/databricks/accounts/${tenant}/networkConnectivityConfigs/${tenant}`

function ofType(type: string): string {
  return factoryId.replace('DataFactory/factories', type)
}

function read(change: Record<string, unknown>): unknown {
  const { rule, problem } = ruleFromRow(row(change))
  return problem ?? rule
}

describe('a row that is a rule', () => {
  it('needs no more than an effect, a target and who is allowed', () => {
    expect(ruleFromRow(row()).rule).toEqual({
      id: 'adf-to-blob',
      effect: 'allow',
      mode: 'enforce',
      target: storageId,
      targetTypes: [],
      targetTags: [],
      groupIds: [],
      requester: { kind: 'resource', id: factoryId },
      endpointName: undefined,
      proof: 'confirmed',
      maxConnections: undefined,
      validFrom: undefined,
      validUntil: undefined,
      approvalEndsAfter: undefined,
      approvers: [],
      requiredApprovals: undefined,
      reasonRequired: false,
      expiresAfter: undefined,
      atExpiry: 'stay-pending',
      owner: undefined,
      justification: undefined,
      ticket: undefined,
      version: 1,
      changedBy: undefined,
      changedAt: undefined,
    })
  })

  it('may carry what the service adds', () => {
    expect(ruleFromRow(row({ ...serviceColumns, 'odata.metadata': 'x' }))).toEqual(ruleFromRow(row()))
  })

  it('may say all of it', () => {
    const said = {
      effect: 'allow',
      mode: 'audit',
      target: `/subscriptions/${subscription}/resourceGroups/rg-*`,
      targetTypes: 'Microsoft.Storage/storageAccounts, Microsoft.Sql/servers',
      groupIds: 'blob , dfs,sqlServer',
      requester: endpointId,
      endpointName: 'pe-*',
      proof: 'platform',
      validFrom: '2026-01-01',
      validUntil: '2027-01-01T08:30:00Z',
      owner: 'data platform',
      justification: 'Nightly load',
      ticket: 'CHG-1',
      version: '12',
      changedBy: 'anna@example.org',
      changedAt: new Date('2026-11-20T10:00:00Z'),
    }
    expect(read(said)).toMatchObject({
      ...said,
      targetTypes: ['Microsoft.Storage/storageAccounts', 'Microsoft.Sql/servers'],
      groupIds: ['blob', 'dfs', 'sqlServer'],
      requester: { kind: 'resource', id: endpointId },
      validFrom: '2026-01-01T00:00:00.000Z',
      validUntil: '2027-01-01T08:30:00.000Z',
      version: 12,
      changedAt: '2026-11-20T10:00:00.000Z',
    })
  })

  it.each([
    [factoryId, { kind: 'resource', id: factoryId }],
    [endpointId, { kind: 'resource', id: endpointId }],
    [`/subscriptions/${subscription}`, { kind: 'scope', pattern: `/subscriptions/${subscription}` }],
    [
      `/subscriptions/${subscription}/resourceGroups/rg-*`,
      { kind: 'scope', pattern: `/subscriptions/${subscription}/resourceGroups/rg-*` },
    ],
    [`${endpointId}-*`, { kind: 'scope', pattern: `${endpointId}-*` }],
    [`/tenants/${tenant}`, { kind: 'tenant', tenantId: tenant }],
    [fabricId, { kind: 'resource', id: fabricId }],
    [networkId.toUpperCase(), { kind: 'resource', id: networkId.toUpperCase() }],
    ...['Kusto/clusters', 'Dashboard/grafana', 'Search/searchServices', 'Cdn/profiles'].map(
      (type): [string, object] => [ofType(type), { kind: 'resource', id: ofType(type) }],
    ),
  ])('may name the requester %s', (requester, pattern) => {
    expect(read({ requester })).toMatchObject({ requester: pattern })
  })

  it('may deny or ask about anybody', () => {
    expect(read({ effect: 'deny', requester: undefined })).toMatchObject({
      effect: 'deny',
      requester: undefined,
    })
    expect(read({ effect: 'ask', requester: '' })).toMatchObject({ effect: 'ask', requester: undefined })
  })

  it('may deny factories by the beginning of their name', () => {
    expect(read({ effect: 'deny', requester: `${factoryId}*` })).toMatchObject({
      requester: { kind: 'scope' },
    })
  })

  it('may state conditions and terms of its answer', () => {
    const group = '/providers/Microsoft.Management/managementGroups/Corp-Prod'
    expect(
      read({
        target: group,
        requester: group,
        targetTags: '{"Zone":"eu","environment":"prod","1":""}',
        maxConnections: '2',
        approvalEndsAfter: 'P90D',
      }),
    ).toMatchObject({
      target: group,
      requester: { kind: 'management-group', name: 'corp-prod' },
      targetTags: [
        { name: '1', value: '' },
        { name: 'environment', value: 'prod' },
        { name: 'Zone', value: 'eu' },
      ],
      maxConnections: 2,
      approvalEndsAfter: 'P90D',
    })
    expect(
      read({ effect: 'ask', approvers: `${tenant}, anna@contoso.example`, requiredApprovals: 2 }),
    ).toMatchObject({ approvers: [tenant, 'anna@contoso.example'], requiredApprovals: 2 })
  })

  it.each(['true', true])('may require a reason of whoever decides: %j', (reasonRequired) => {
    expect(read({ effect: 'ask', reasonRequired })).toMatchObject({ reasonRequired: true })
  })

  it.each(['PT1H', 'PT1440H', 'P1D', 'P60D'])('may let the question stay open for %s', (expiresAfter) => {
    expect(read({ effect: 'ask', expiresAfter, atExpiry: 'reject' })).toMatchObject({
      expiresAfter,
      atExpiry: 'reject',
    })
  })

  it('may state the defaults of a question', () => {
    const stated = { reasonRequired: 'false', expiresAfter: '', atExpiry: 'stay-pending' }
    expect(read({ effect: 'ask', ...stated })).toEqual(read({ effect: 'ask' }))
  })

  it.each(['P1D', 'P3650D', 'PT1H', 'PT87600H'])('may let approvals end after %s', (approvalEndsAfter) => {
    expect(read({ approvalEndsAfter })).toMatchObject({ approvalEndsAfter })
  })

  it.each([tenant.toUpperCase(), "o'neil+x@contoso.example", 'anna_x.com#EXT#@contoso.onmicrosoft.com'])(
    'may name the approver %s',
    (approvers) => {
      expect(read({ effect: 'ask', approvers })).toMatchObject({ approvers: [approvers] })
    },
  )

  it('may ask for more approvals than one without saying whose', () => {
    expect(read({ effect: 'ask', requiredApprovals: 10 })).toMatchObject({ requiredApprovals: 10 })
  })

  it('may have a justification of several lines', () => {
    expect(read({ justification: 'one\ntwo' })).toMatchObject({ justification: 'one\ntwo' })
  })

  it('may hold empty texts where tools leave them', () => {
    expect(
      read({ groupIds: '', validUntil: '', maxConnections: '', approvers: '', targetTags: '', colour: null }),
    ).toMatchObject({
      groupIds: [],
    })
  })

  it.each([
    ['4', 4],
    [4, 4],
    [4n, 4],
  ])('may hold its version as the column type of any tool: %s', (version, expected) => {
    expect(read({ version })).toMatchObject({ version: expected })
  })

  it.each(['adf-prod.*', 'ADF-PROD.mpe-1', '*', 'adf-*', 'a*.mpe', 'adf-prod.mpe.*'])(
    'of a factory may narrow the endpoint name to %s',
    (endpointName) => {
      expect(read({ endpointName })).toMatchObject({ endpointName })
    },
  )
})

describe('a requester that can never be confirmed', () => {
  it.each(['Kusto/clusters', 'Dashboard/grafana', 'Search/searchServices', 'Cdn/profiles'])(
    'may be allowed all the same, so that it is asked: %s',
    (type) => {
      expect(read({ requester: ofType(type), endpointName: 'any-*' })).toMatchObject({
        effect: 'allow',
        proof: 'confirmed',
        endpointName: 'any-*',
      })
    },
  )

  it.each([
    ['Search/searchServices', 'AI Search service adf-prod'],
    ['Cdn/profiles', 'Front Door adf-prod'],
  ])('cannot be allowed on the word of the platform: %s', (type, who) => {
    expect(read({ requester: ofType(type), proof: 'platform' })).toBe(
      `Row "adf-to-blob": proof is "platform"; ${who} can only be allowed with confirmed.`,
    )
  })
})

describe('a row that is no rule is refused with one sentence', () => {
  const ofAskOnly: readonly [string, Record<string, unknown>, string][] = [
    ['a reason required', { reasonRequired: true }, 'reasonRequired is true; only an ask requires a reason'],
    ['a default stated', { reasonRequired: false }, 'reasonRequired is false; only an ask requires a reason'],
    ['an expiry', { expiresAfter: 'P3D' }, 'expiresAfter is "P3D"; only an ask waits for people'],
    ['an end', { atExpiry: 'reject' }, 'atExpiry is "reject"; only an ask waits for people'],
  ]
  const refusals: readonly [string, Record<string, unknown>, string][] = [
    ['no effect', { effect: undefined }, 'effect is missing; it must be allow, ask or deny.'],
    ['an unknown effect', { effect: 'permit' }, 'effect is "permit"; it must be allow, ask or deny.'],
    ['an effect in capitals', { effect: 'Deny' }, 'effect is "Deny"; it must be allow, ask or deny.'],
    ['an effect that is no text', { effect: true }, 'effect is true; it must be allow, ask or deny.'],
    [
      'an unknown mode',
      { mode: 'off' },
      'mode is "off"; it must be enforce or audit (or left out for enforce).',
    ],
    [
      'an unknown proof',
      { proof: 'none' },
      'proof is "none"; it must be confirmed or platform (or left out for confirmed).',
    ],
    [
      'a version of nought',
      { version: 0 },
      'version is 0; it must be a whole number from 1 (or left out for 1).',
    ],
    [
      'half a version',
      { version: 1.5 },
      'version is 1.5; it must be a whole number from 1 (or left out for 1).',
    ],
    [
      'a day that does not exist',
      { validUntil: '2027-02-30' },
      `validUntil is "2027-02-30"; it must be ${anyTime}.`,
    ],
    [
      'an hour that does not exist',
      { validUntil: '2027-01-31T24:00:00Z' },
      `validUntil is "2027-01-31T24:00:00Z"; it must be ${anyTime}.`,
    ],
    [
      'a time of no zone',
      { validFrom: '2027-01-31T08:00:00' },
      `validFrom is "2027-01-31T08:00:00"; it must be ${anyTime}.`,
    ],
    [
      'a time of another zone',
      { validFrom: '2027-01-31T08:00:00+01:00' },
      `validFrom is "2027-01-31T08:00:00+01:00"; it must be ${anyTime}.`,
    ],
    [
      'an end before its beginning',
      { validFrom: '2027-01-02', validUntil: '2027-01-01' },
      'validUntil is "2027-01-01T00:00:00.000Z"; it must be later than validFrom, which is "2027-01-02T00:00:00.000Z".',
    ],
    [
      'an end at its beginning',
      { validFrom: '2027-01-01', validUntil: '2027-01-01T00:00:00Z' },
      'validUntil is "2027-01-01T00:00:00.000Z"; it must be later than validFrom, which is "2027-01-01T00:00:00.000Z".',
    ],
    [
      'an empty item',
      { groupIds: 'blob,,dfs' },
      'groupIds is "blob,,dfs"; it must be group ids separated by commas, such as blob, dfs, without *, at most 2000 characters together.',
    ],
    [
      'a comma at the end',
      { groupIds: 'blob,' },
      'groupIds is "blob,"; it must be group ids separated by commas, such as blob, dfs, without *, at most 2000 characters together.',
    ],
    [
      'a blank list',
      { groupIds: ' ' },
      'groupIds is " "; it must be group ids separated by commas, such as blob, dfs, without *, at most 2000 characters together.',
    ],
    [
      'a pattern for a group',
      { groupIds: '*' },
      'groupIds is "*"; it must be group ids separated by commas, such as blob, dfs, without *, at most 2000 characters together.',
    ],
    [
      'a list in JSON',
      { groupIds: '["blob"]' },
      'groupIds is "[\\"blob\\"]"; it must be group ids separated by commas, such as blob, dfs, without *, at most 2000 characters together.',
    ],
    [
      'a type without a provider',
      { targetTypes: 'storageAccounts' },
      'targetTypes is "storageAccounts"; it must be resource types separated by commas, such as Microsoft.Storage/storageAccounts, at most 2000 characters together.',
    ],
    [
      'a type that never occurs under its target',
      { targetTypes: 'Microsoft.Storage/storageAccounts,Microsoft.Sql/servers' },
      'targetTypes has "Microsoft.Sql/servers", which never occurs under a target of type microsoft.storage/storageaccounts.',
    ],
    [
      'an allow of nobody',
      { requester: undefined },
      'requester is missing; an allow must name who is allowed.',
    ],
    [
      'an allow whose requester was cleared',
      { requester: '' },
      'requester is missing; an allow must name who is allowed.',
    ],
    [
      'a factory allowed on the word of the platform',
      { proof: 'platform' },
      'proof is "platform"; Data Factory adf-prod can only be allowed with confirmed.',
    ],
    [
      'proof asked for by a deny',
      { effect: 'deny', proof: 'confirmed' },
      'proof is "confirmed"; only an allow asks for proof, so leave it out of a rule that says deny.',
    ],
    [
      'factories allowed by a pattern',
      { requester: `${factoryId.slice(0, -4)}*` },
      `requester is "${factoryId.slice(0, -4)}*"; an allow must name each Data Factory by its full id, without *.`,
    ],
    [
      'an endpoint name that the factory can never give',
      { endpointName: 'mpe-*' },
      'endpointName is "mpe-*"; endpoints of adf-prod are all named adf-prod.{name}.',
    ],
    [
      'a Fabric workspace allowed on the word of the platform',
      { requester: fabricId, proof: 'platform' },
      `proof is "platform"; Fabric workspace ${tenant} can only be allowed with confirmed.`,
    ],
    [
      'an endpoint name that the Fabric workspace can never give',
      { requester: fabricId, endpointName: 'SqlPE' },
      `endpointName is "SqlPE"; endpoints of ${tenant} are all named ${tenant}.{name}.`,
    ],
    [
      'search services allowed by a pattern',
      { requester: ofType('Search/searchServices').replace('adf-prod', 'adf-*') },
      `requester is "${ofType('Search/searchServices').replace('adf-prod', 'adf-*')}"; an allow must name each AI Search service by its full id, without *.`,
    ],
    [
      'an endpoint name that is only the name of the factory',
      { endpointName: 'adf-prod' },
      'endpointName is "adf-prod"; endpoints of adf-prod are all named adf-prod.{name}.',
    ],
    [
      'an endpoint name beside an endpoint of another name',
      { requester: endpointId, endpointName: 'pe-x*' },
      'endpointName is "pe-x*"; the endpoint that requester names is called pe-app.',
    ],
    [
      'a connection as its target',
      { target: `${storageId}/privateEndpointConnections/x` },
      `target is a connection ("${storageId}/privateEndpointConnections/x"); it must be the resource that is connected to.`,
    ],
    ...['maxConnections', 'approvalEndsAfter'].map((column): [string, Record<string, unknown>, string] => {
      const value = column === 'maxConnections' ? 2 : 'P1D'
      return [
        `${column} stated by a deny`,
        { effect: 'deny', [column]: value },
        `${column} is ${JSON.stringify(value)}; only an allow ${value === 2 ? 'counts connections' : 'approves for a time'}, so leave it out of a rule that says deny.`,
      ]
    }),
    [
      'approvers named by an allow',
      { approvers: 'a@b.c' },
      'approvers is ["a@b.c"]; only an ask names approvers, so leave it out of a rule that says allow.',
    ],
    [
      'approvals counted by a deny',
      { effect: 'deny', requiredApprovals: 1 },
      'requiredApprovals is 1; only an ask counts approvals, so leave it out of a rule that says deny.',
    ],
    ...['allow', 'deny'].flatMap((effect) =>
      ofAskOnly.map(([title, change, sentence]): [string, Record<string, unknown>, string] => [
        `${title} by a rule that says ${effect}`,
        { effect, ...change },
        `${sentence}, so leave it out of a rule that says ${effect}.`,
      ]),
    ),
    [
      'a reason required in another word',
      { effect: 'ask', reasonRequired: 'yes' },
      'reasonRequired is "yes"; it must be true or false (or left out for false).',
    ],
    [
      'an end that approves',
      { effect: 'ask', atExpiry: 'approve' },
      'atExpiry is "approve"; it must be stay-pending or reject (or left out for stay-pending).',
    ],
    [
      'a management group allowed on a connection of a name it has not',
      { requester: '/providers/Microsoft.Management/managementGroups/' },
      `requester is "/providers/Microsoft.Management/managementGroups/"; it must be ${columnsOf.rules.get('requester')?.expected ?? ''}.`,
    ],
    [
      'a long owner',
      { owner: 'x'.repeat(201) },
      `owner is "${'x'.repeat(99)}…; it must be one line of text of at most 200 characters.`,
    ],
    ['another partition', { partitionKey: 'Rule' }, 'PartitionKey is "Rule"; it must be rule.'],
  ]
  it.each(refusals)('%s', (_title, change, sentence) => {
    expect(read(change)).toBe(`Row "adf-to-blob": ${sentence}`)
  })

  it.each([
    'prod',
    '[]',
    '{}',
    'null',
    '{"environment":"prod"',
    '{"environment":1}',
    '{"environment":{"a":"b"}}',
    '{"environment":"prod","Environment":"dev"}',
    '{"environment":"prod","environment":"dev"}',
    '{"environment":"prod","environment":"prod"}',
    '{"__proto__":{}}',
    '{"a/b":"c"}',
    '{"":"c"}',
    '{"a":"c\\n"}',
    `{"${'x'.repeat(513)}":"c"}`,
    `{"a":"${'x'.repeat(257)}"}`,
    JSON.stringify(Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`t${at}`, '']))),
  ])('the tags %j', (targetTags) => {
    expect(ruleFromRow(row({ targetTags })).problem).toMatch(
      /^Row "adf-to-blob": targetTags is ".*; it must be a JSON object such as/,
    )
  })

  it('keeps a tag of any name as a condition', () => {
    expect(read({ targetTags: '{"__proto__":"x","constructor":"y"}' })).toMatchObject({
      targetTags: [
        { name: '__proto__', value: 'x' },
        { name: 'constructor', value: 'y' },
      ],
    })
  })

  it.each(['P0D', 'P3651D', 'PT87601H', 'P1W', 'P1DT1H', 'P01D', 'P1.5D', 'p1d', '90', 90])(
    'the duration %j',
    (approvalEndsAfter) => {
      expect(ruleFromRow(row({ approvalEndsAfter })).problem).toContain('it must be days such as P90D')
    },
  )

  it.each(['PT0H', 'P61D', 'PT1441H', 'PT59M', 'P1W', 'P1DT1H', '3', 3, true])(
    'the expiry %j',
    (expiresAfter) => {
      expect(ruleFromRow(row({ effect: 'ask', expiresAfter })).problem).toContain(
        'it must be days such as P14D or hours such as PT8H, at most P60D',
      )
    },
  )

  it.each(['anna', 'anna@', '@b.c', 'anna@contoso', 'a b@c.d', 'a@b.c;d@e.f', 'Anna <a@b.c>'])(
    'the approver %j',
    (approvers) => {
      expect(ruleFromRow(row({ effect: 'ask', approvers })).problem).toContain(
        'it must be object ids (GUIDs)',
      )
    },
  )

  it.each([
    ['maxConnections', 0],
    ['maxConnections', 1001],
    ['maxConnections', 1.5],
    ['maxConnections', 'two'],
    ['requiredApprovals', '0'],
    ['requiredApprovals', 11],
  ])('%s of %j', (column, value) => {
    const effect = column === 'maxConnections' ? 'allow' : 'ask'
    expect(ruleFromRow(row({ effect, [column]: value })).problem).toContain(
      'it must be a whole number from 1',
    )
  })

  it.each([
    ['owner', 'a\nb'],
    ['owner', 'a\u0000b'],
    ['ticket', 'a\u0085b'],
    ['justification', 'a\u0007b'],
    ['justification', 'a\ud800b'],
    ['changedBy', '\udc00'],
  ])('%s with a character that is no text: %j', (column, value) => {
    expect(ruleFromRow(row({ [column]: value })).problem).toContain(`Row "adf-to-blob": ${column} is `)
  })

  it('the column __proto__', () => {
    const columns = JSON.parse(`{"__proto__":{"effect":"deny"}}`) as Record<string, unknown>
    const { problem } = ruleFromRow(Object.assign(Object.create(null) as object, row(), columns))
    expect(problem).toContain('"__proto__" is not a column of a rule')
  })

  it.each([
    '/subscriptions/*',
    '*',
    `/subscriptions/${subscription}/resourceGroups/**`,
    `/subscriptions/${subscription}/*/rg`,
    `/subscriptions/${subscription}/resourceGroups/rg/`,
    `/subscriptions/${subscription}/resourceGroups/../x`,
    storageId.replace('storageAccounts', '*'),
    ' ' + storageId,
    'stdata',
  ])('the target %j', (target) => {
    const { problem } = ruleFromRow(row({ target }))
    expect(problem).toContain(`Row "adf-to-blob": target is ${JSON.stringify(target).slice(0, 100)}`)
    expect(problem).toContain('it must be /subscriptions/{guid}')
  })

  it.each([
    '/tenants/contoso',
    '/tenants/*',
    'adf-prod',
    '*',
    '/subscriptions/*',
    storageId,
    `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet`,
    factoryId.replace('factories', '*'),
    `${factoryId}/managedVirtualNetworks/default`,
    '/fabric/workspaces/sales',
    '/fabric/workspaces/*',
    `${fabricId}/`,
    `${fabricId}/managedPrivateEndpoints/x`,
    fabricId.slice(1),
    `/databricks/accounts/${tenant}`,
    networkId.replace(/[^/]+$/, '*'),
    networkId.replace('networkConnectivityConfigs', 'network-connectivity-configs'),
  ])('the requester %j', (requester) => {
    expect(ruleFromRow(row({ requester })).problem).toMatch(
      /^Row "adf-to-blob": requester is ".*; it must be the full id of/,
    )
  })

  it.each(['', 'a b', 'a/b', 'ä', 'x'.repeat(101)])('the row key %j', (rowKey) => {
    expect(ruleFromRow(row({ rowKey })).problem).toMatch(
      /^Row .*: RowKey is .*; it must be the id of the rule/,
    )
  })

  it.each([
    ['owner', 'x'.repeat(201)],
    ['ticket', 'x'.repeat(201)],
    ['changedBy', 'x'.repeat(201)],
    ['justification', 'x'.repeat(1001)],
    ['endpointName', `adf-prod.${'x'.repeat(200)}`],
    ['groupIds', 'blob,'.repeat(400) + 'blob'],
    ['targetTypes', 'Microsoft.Storage/storageAccounts,'.repeat(60) + 'Microsoft.Storage/storageAccounts'],
    ['version', 1_000_000_000],
    ['version', '1e3'],
  ])('too much in %s', (column, value) => {
    expect(ruleFromRow(row({ [column]: value })).problem).toContain(`Row "adf-to-blob": ${column} is `)
  })

  it('a column id, which would rename the rule', () => {
    expect(ruleFromRow(row({ id: 'another' })).problem).toContain('"id" is not a column of a rule')
  })

  it('a column nobody knows, with the columns there are', () => {
    const { problem } = ruleFromRow(row({ groupId: 'blob' }))
    expect(problem).toContain(
      '"groupId" is not a column of a rule; the columns are PartitionKey, RowKey, effect,',
    )
  })
})

describe('whatever a row holds', () => {
  const anyValue = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.constant(undefined),
  )
  const anyColumn = fc.oneof(
    fc.constantFrom(
      'effect',
      'target',
      'requester',
      'groupIds',
      'validFrom',
      'version',
      'partitionKey',
      'rowKey',
    ),
    fc.string(),
  )

  it('it is a rule or one problem, and never an exception', () => {
    fc.assert(
      fc.property(fc.dictionary(anyColumn, anyValue), (change) => {
        const { rule, problem } = ruleFromRow(row(change))
        expect([rule, problem].filter((part) => part !== undefined)).toHaveLength(1)
      }),
      { numRuns: 2000 },
    )
  })

  it('a column that is not understood never yields a rule', () => {
    const takesAnyText = ['rowKey', 'RowKey', 'owner', 'justification', 'ticket', 'changedBy']
    const column = fc
      .stringMatching(/^[A-Za-z_]\w{0,20}$/)
      .filter((name) => !['__proto__', 'timestamp', 'Timestamp', 'etag', ...takesAnyText].includes(name))
    fc.assert(
      fc.property(column, (name) => {
        expect(ruleFromRow(row({ [name]: 'something' })).rule).toBeUndefined()
      }),
      { numRuns: 1000 },
    )
  })
})
