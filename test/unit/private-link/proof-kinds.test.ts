import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { quoted } from '../../../shared/domain/printable.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { type ManagedKind, requesterKinds } from '../../../shared/domain/requester-kind.ts'
import { AzureBusy, type Listed } from '../../../shared/ports/azure.ts'
import { ArmError } from '../../../shared/private-link/arm/error.ts'
import { DataPlaneRefused, RequesterNotFound } from '../../../shared/private-link/requesters/requester-api.ts'
import { connectionOf, guidOf, proveWith, requesterId, requesters, waiting } from './given-proof.ts'
import { endpointIn, foreignSubscription, resourceId, targetOf } from './ids.ts'

const unnamedKinds = ['kusto-cluster', 'grafana', 'search-service', 'front-door'] as const
const generated = 'databricks-1-pe-2'
const codesOf = ({ refusals }: Proof): string[] => refusals.map(({ code }) => code)
const forbidden = new ArmError(403, 'AuthorizationFailed', 'No.')

describe('a requester that cannot say which endpoint is its own', () => {
  it('is of four kinds, and no other kind reaches only the platform', () => {
    const kinds = Object.entries(requesterKinds).filter(([, { reach }]) => reach === 'platform')
    expect(kinds.map(([kind]) => kind).sort()).toEqual([...unnamedKinds].sort())
  })

  it.each(unnamedKinds)('is not confirmed and helps a person to compare: %s', async (kind) => {
    const proof = await proveWith(connectionOf('0a5e6f10'), {
      [kind]: [waiting(), waiting({ name: 'mpe-2' })],
    })
    expect(proof).toMatchObject({ level: 'platform', requester: undefined, groupIds: undefined })
    const who = `${requesterKinds[kind].spoken} ${requesters[kind].name}`
    expect(proof.refusals).toMatchObject([
      {
        code: 'endpoint-not-disclosed',
        sentence: `${who} has an endpoint for this target waiting (mpe, mpe-2), but Azure does not show which of the endpoints here it is; a person has to compare.`,
      },
    ])
  })

  it.each(unnamedKinds)('is not confirmed although it should tell the very name: %s', async (kind) => {
    const proof = await proveWith(connectionOf('x'), { [kind]: [waiting({ endpointName: 'x' })] })
    expect(proof.level).toBe('platform')
  })

  it('that never tells a status may be waiting', async () => {
    const proof = await proveWith(connectionOf('x'), { 'kusto-cluster': [waiting({ status: undefined })] })
    expect(proof.refusals[0]?.sentence).toMatch(
      /^Data Explorer cluster adx-prod has an endpoint for this target, maybe waiting \(mpe\), but/,
    )
  })

  it.each([
    [[]],
    [[waiting({ targetId: targetOf('Microsoft.Storage/storageAccounts', 'other') })]],
    [[waiting({ targetId: undefined })]],
    [[waiting({ status: 'Approved' })]],
    [[waiting({ provisioningState: 'Failed' })]],
    [[waiting({ provisioningState: 'Canceled', status: undefined })]],
  ])('and has none waiting for this target is no help: %#', async (listed) => {
    expect((await proveWith(connectionOf('x'), { grafana: listed })).refusals).toMatchObject([
      {
        code: 'no-such-managed-endpoint',
        sentence: 'Grafana graf-ops has no endpoint waiting for this target.',
      },
    ])
  })

  it('and cannot be asked is told under a code of its own, which nobody waits for', async () => {
    const proof = await proveWith(connectionOf('x'), {
      'search-service': forbidden,
      'front-door': [waiting()],
      grafana: new RequesterNotFound('does not exist'),
    })
    expect(codesOf(proof)).toEqual(['endpoint-not-disclosed', 'could-not-compare', 'requester-not-found'])
    expect(proof.refusals[1]?.sentence).toBe(
      'Could not ask AI Search service srch-prod: 403 AuthorizationFailed.',
    )
  })

  it('is not asked when another one is confirmed, and stands in nobody’s way', async () => {
    let asked = 0
    const responses = {
      'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })],
      get 'search-service'() {
        asked += 1
        return forbidden
      },
    }
    const proof = await proveWith(connectionOf('adf-prod.mpe'), responses)
    expect(proof).toMatchObject({ level: 'confirmed', requester: { kind: 'data-factory' }, refusals: [] })
    expect(asked).toBe(0)
  })
})

describe('a Databricks network configuration', () => {
  const rule = waiting({ name: 'rule-1', endpointName: generated })

  it('is confirmed when it tells the very name of the endpoint', async () => {
    expect(await proveWith(connectionOf(generated), { 'databricks-network': [rule] })).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'databricks-network', id: { key: requesters['databricks-network'].key } },
      groupIds: ['blob'],
    })
  })

  it.each([
    ['no-such-managed-endpoint', { endpointName: `${generated}3` }],
    ['no-such-managed-endpoint', { endpointName: generated.slice(0, -1) }],
    ['no-such-managed-endpoint', { targetId: targetOf('Microsoft.Storage/storageAccounts', 'other') }],
    ['managed-endpoint-not-pending', { status: 'EXPIRED' }],
    ['managed-endpoint-not-pending', { status: 'CREATE_FAILED' }],
    ['managed-endpoint-not-pending', { status: 'ESTABLISHED' }],
    ['managed-endpoint-not-ready', { status: '' }],
    ['managed-endpoint-not-ready', { status: '', endpointName: undefined }],
    ['endpoint-not-disclosed', { endpointName: undefined }],
  ])('is not confirmed, %s, when its rule has %j', async (code, change) => {
    const responses = { 'databricks-network': [{ ...rule, ...change }] }
    expect(codesOf(await proveWith(connectionOf(generated), responses))).toEqual([code])
  })

  it('that cannot be asked does not stand in the way of a factory that is confirmed', async () => {
    const responses = {
      'databricks-network': forbidden,
      'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })],
    }
    expect((await proveWith(connectionOf('adf-prod.mpe'), responses)).level).toBe('confirmed')
  })

  it('is doubtful when a factory claims the same endpoint', async () => {
    const responses = {
      'databricks-network': [waiting({ endpointName: 'adf-prod.mpe' })],
      'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })],
    }
    expect(codesOf(await proveWith(connectionOf('adf-prod.mpe'), responses))).toEqual([
      'managed-endpoint-ambiguous',
    ])
  })

  it('that knows nothing of the endpoint is told last', async () => {
    const responses = { 'databricks-network': [], grafana: [waiting()] }
    expect(codesOf(await proveWith(connectionOf('x'), responses))).toEqual([
      'endpoint-not-disclosed',
      'no-such-managed-endpoint',
    ])
  })
})

describe('a Fabric workspace', () => {
  const name = `${guidOf('1')}.SqlPE`

  it('is confirmed by its id in the name of the endpoint, in whatever case', async () => {
    const listed = [waiting({ endpointName: name })]
    expect(await proveWith(connectionOf(name.toUpperCase()), { 'fabric-workspace': listed })).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'fabric-workspace' },
    })
  })

  it('that does not let the app in leaves the matter open', async () => {
    const responses = { 'fabric-workspace': new DataPlaneRefused(new ArmError(403, 'Http403', 'No.')) }
    expect((await proveWith(connectionOf(name), responses)).refusals).toMatchObject([
      {
        code: 'data-plane-refused',
        sentence: `The service of Fabric workspace ${guidOf('1')} does not let this app in: 403 Forbidden.`,
      },
    ])
  })

  it('that may be hidden is not said to be gone', async () => {
    const hidden = new RequesterNotFound('does not exist, or is hidden from this app')
    expect((await proveWith(connectionOf(name), { 'fabric-workspace': hidden })).refusals[0]?.sentence).toBe(
      `Fabric workspace ${guidOf('1')} does not exist, or is hidden from this app.`,
    )
  })
})

describe('a Purview account, the naming of whose endpoints is only inferred,', () => {
  const listed = ['blob', 'queue'].map((name) => waiting({ name, endpointName: `pv-prod.${name}` }))
  const own = connectionOf('pv-prod.blob')
  const other = (endpointName: string, change: Partial<Connection> = {}) =>
    connectionOf(endpointName, {
      id: resourceId(`${own.target.id}/privateEndpointConnections/c2`),
      ...change,
    })
  const unknownSubscription = '99999999-9999-4999-8999-999999999999'
  const proveBeside = (beside: Connection, endpoints = listed) =>
    proveWith(own, { 'purview-account': endpoints }, [requesters['purview-account']], () =>
      Promise.resolve({ kind: 'whole', connections: [own, beside] }),
    )

  it.each([
    ['lies in a managed network', other('alias.blob')],
    ['is called alike', other('pv-prod.blob2')],
    ['has a status that nobody knows', other('alias.blob', { status: 'Removing' })],
    ['lies where nobody can name', other('x', { endpoint: endpointIn(unknownSubscription, 'alias.blob') })],
  ])('is not confirmed while another one waits that it does not list and that %s', async (_, beside) => {
    const proof = await proveBeside(beside)
    expect(proof).toMatchObject({ level: 'platform', requester: undefined })
    expect(proof.refusals).toEqual([
      {
        code: 'competing-claim-unexplained',
        sentence:
          'Another connection of this target, c2, waits and is called like no endpoint of Purview account pv-prod; how its endpoints are called is only inferred, so that may be the one that was asked for.',
      },
    ])
  })

  it('is not confirmed when what it lists by that name goes to another target', async () => {
    const elsewhere = targetOf('Microsoft.Storage/storageAccounts', 'other')
    const endpoints = listed.map((one) => (one.name === 'queue' ? { ...one, targetId: elsewhere } : one))
    expect(codesOf(await proveBeside(other('pv-prod.queue'), endpoints))).toEqual([
      'competing-claim-unexplained',
    ])
  })

  it.each([
    ['is its own, made at once', other('PV-prod.queue')],
    [
      'lies in a tenant without managed networks',
      other('x', { endpoint: endpointIn(foreignSubscription, 'x') }),
    ],
    ['is approved', other('alias.blob', { status: 'Approved' })],
    ['is Disconnected', other('alias.blob', { status: 'Disconnected' })],
  ])('is confirmed beside another one that %s', async (_, beside) => {
    expect(await proveBeside(beside)).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'purview-account' },
    })
  })

  it('is confirmed beside any other when it tells the id of its endpoint', async () => {
    const stated = listed.map((one) => ({ ...one, endpointId: own.endpoint?.id }))
    expect((await proveBeside(other('alias.blob'), stated)).level).toBe('confirmed')
  })

  it('is alone in that: a factory is confirmed beside what it does not list', async () => {
    const connection = connectionOf('adf-prod.mpe')
    const responses = { 'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })] }
    const proof = await proveWith(connection, responses, [requesters['data-factory']], () =>
      Promise.resolve({ kind: 'whole', connections: [connection, other('alias.mpe')] }),
    )
    expect(proof.level).toBe('confirmed')
    const inferred = Object.entries(requesterKinds).filter(
      ([, { namingEvidence }]) => namingEvidence === 'inferred',
    )
    expect(inferred.map(([kind]) => kind)).toEqual(['purview-account'])
  })
})

describe('whoever may have claimed the endpoint and was not heard', () => {
  const claimed = [waiting({ endpointName: 'adf-prod.mpe' })]
  it.each([
    ['could-not-ask', forbidden],
    ['data-plane-refused', new DataPlaneRefused(forbidden)],
    ['response-not-understood', new ArmError(0, 'UnreadableResponse', 'x')],
    ['response-not-understood', new ArmError(0, 'EndlessList', 'x')],
    ['response-not-understood', new ArmError(0, 'ForeignLink', 'x')],
    ['could-not-ask', 'never'],
  ] as const)('leaves the matter open: %s', async (code, response) => {
    const responses = { 'data-factory': claimed, 'synapse-workspace': response }
    const proof = await proveWith(connectionOf('adf-prod.mpe'), responses)
    expect([proof.level, codesOf(proof)]).toEqual(['platform', [code]])
  })

  it('because its service has no address leaves the matter open', async () => {
    const candidates = [requesters['data-factory'], requesters['synapse-workspace']]
    const proof = await proveWith(connectionOf('adf-prod.mpe'), { 'data-factory': claimed }, candidates)
    expect(codesOf(proof)).toEqual(['no-way-to-ask'])
  })

  it('is told with the time that was waited', async () => {
    const proof = await proveWith(connectionOf('adf-prod.mpe'), { 'data-factory': 'never' })
    expect(proof.refusals[0]?.sentence).toBe(
      'Could not ask Data Factory adf-prod: no usable response (Timeout).',
    )
  })
})

describe('many candidates', () => {
  const configs = (count: number) =>
    Array.from({ length: count }, (_, number) => targetOf('Microsoft.DataFactory/factories', `adf-${number}`))
  const searches = (count: number) =>
    Array.from({ length: count }, (_, number) =>
      targetOf('Microsoft.Search/searchServices', `srch-${number}`),
    )

  it('are asked up to twenty', async () => {
    const proof = await proveWith(connectionOf('x'), { 'data-factory': [] }, configs(20))
    expect(new Set(codesOf(proof))).toEqual(new Set(['no-such-managed-endpoint']))
  })

  it('more than twenty are not asked, and that is said', async () => {
    const listed = [waiting({ endpointName: 'x' })]
    const proof = await proveWith(connectionOf('x'), { 'data-factory': listed }, configs(21))
    expect(proof.refusals).toMatchObject([
      {
        code: 'too-many-candidates',
        sentence:
          'Rules name 21 requesters for this target that could have asked; more than 20 are not asked about one connection.',
      },
    ])
  })

  const networks = (count: number) =>
    Array.from({ length: count }, (_, number) =>
      requesterId(
        `/databricks/accounts/${guidOf('2')}/networkConnectivityConfigs/${guidOf('3').slice(0, -2)}${10 + number}`,
      ),
    )

  it('whose endpoints are not named after them do not stop one that the name claims', async () => {
    const responses = {
      'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })],
      'databricks-network': [],
    }
    const candidates = [requesters['data-factory'], ...networks(21)]
    expect((await proveWith(connectionOf('adf-prod.mpe'), responses, candidates)).level).toBe('confirmed')
    const unconfirmed = await proveWith(connectionOf('adf-prod.other'), responses, candidates)
    expect(codesOf(unconfirmed)).toEqual(['no-such-managed-endpoint', 'too-many-candidates'])
  })

  it('that the name claims stop those that it does not claim: one of them may have asked', async () => {
    const responses = { 'data-factory': [], 'databricks-network': [waiting({ endpointName: 'x' })] }
    const proof = await proveWith(connectionOf('x'), responses, [...configs(21), ...networks(1)])
    expect([proof.level, codesOf(proof)]).toEqual(['platform', ['too-many-candidates']])
  })

  it('of kinds that are never confirmed do not use up the number of those that are', async () => {
    const responses = { 'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })], 'search-service': [] }
    const candidates = [requesters['data-factory'], ...searches(50)]
    expect((await proveWith(connectionOf('adf-prod.mpe'), responses, candidates)).level).toBe('confirmed')
    const unconfirmed = await proveWith(connectionOf('adf-prod.other'), responses, candidates)
    expect(codesOf(unconfirmed)).toEqual(['no-such-managed-endpoint', 'too-many-candidates'])
  })
})

describe('groups', () => {
  const claimed = [waiting({ endpointName: 'adf-prod.mpe' })]
  const proveGroups = (shown: readonly string[] | undefined, stated: readonly string[] | undefined) =>
    proveWith(connectionOf('adf-prod.mpe', { groupIds: shown }), {
      'data-factory': claimed.map((one) => ({ ...one, groupIds: stated })),
    })

  it.each([
    [['blob'], ['dfs']],
    [['blob'], ['blob', 'dfs']],
    [['blob', 'dfs'], ['blob']],
    [['blob'], ['blo\u212A']],
  ])('%j at the target and %j at the requester differ', async (shown, stated) => {
    const proof = await proveGroups(shown, stated)
    expect(proof).toMatchObject({ level: 'platform', requester: undefined, groupIds: undefined })
    expect(codesOf(proof)).toEqual(['group-ids-differ'])
    expect(proof.refusals[0]?.sentence).toBe(
      `The target shows the group ids ${shown.join(', ')}, the requester states ${stated.map(quoted).join(', ')}.`,
    )
  })

  it.each([
    [['blob'], ['BLOB']],
    [
      ['blob', 'dfs'],
      ['dfs', 'blob', 'blob'],
    ],
    [undefined, ['blob']],
    [[], ['blob']],
    [['blob'], undefined],
    [undefined, undefined],
  ])(
    '%j at the target and %j at the requester agree, or nothing speaks against it',
    async (shown, stated) => {
      expect(await proveGroups(shown, stated)).toMatchObject({ level: 'confirmed', groupIds: stated })
    },
  )
})

describe('a competing claim', () => {
  const responses = { 'data-factory': [waiting({ endpointName: 'adf-prod.mpe' })] }
  const proveAmong = (listAgain: () => Promise<Listed>) =>
    proveWith(connectionOf('adf-prod.mpe'), responses, [requesters['data-factory']], listAgain)

  it('may hide in a list that cannot be read whole', async () => {
    const connections = [connectionOf('adf-prod.mpe')]
    const partly: Listed = { kind: 'partly', connections, problem: 'One item is odd.' }
    const proof = await proveAmong(() => Promise.resolve(partly))
    expect(proof.level).toBe('platform')
    expect(proof.refusals).toMatchObject([
      {
        code: 'competing-claims-unknown',
        sentence:
          'Whether another connection of lake has an endpoint of the same name cannot be seen: One item is odd.',
      },
    ])
  })

  it('is not taken for absent while Azure is busy: the look comes back', async () => {
    await expect(proveAmong(() => Promise.reject(new AzureBusy(5)))).rejects.toThrow(AzureBusy)
  })
})

describe('an endpoint id', () => {
  it('that is there and cannot be read has a code of its own', async () => {
    const odd = connectionOf('x', { endpoint: undefined, isEndpointIdUnreadable: true })
    expect(codesOf(await proveWith(odd, {}))).toEqual(['endpoint-id-unreadable'])
    const missing = connectionOf('x', { endpoint: undefined })
    expect(codesOf(await proveWith(missing, {}))).toEqual(['no-endpoint-id'])
  })
})

describe('what a requester writes', () => {
  const long = 'x'.repeat(65_536)
  const odd = '\u202Eevil\u0000\u2028'
  const responses: readonly [string, ManagedKind, Error | ReturnType<typeof waiting>[]][] = [
    ['a status', 'data-factory', [waiting({ endpointName: 'adf-prod.mpe', status: `${odd}${long}` })]],
    [
      'a state',
      'data-factory',
      [waiting({ endpointName: 'adf-prod.mpe', provisioningState: 'Failed', name: `${odd}${long}` })],
    ],
    ['a name', 'search-service', [waiting({ name: `${odd}${long}` })]],
    [
      'hundreds of names',
      'search-service',
      Array.from({ length: 500 }, () => waiting({ name: `${odd}${long}` })),
    ],
    ['groups', 'data-factory', [waiting({ endpointName: 'adf-prod.mpe', groupIds: [`${odd}${long}`] })]],
    ['a code', 'data-factory', new ArmError(403, `${odd}${long}`, 'x')],
    ['an error of another make', 'data-factory', new Error(`${odd}${long}`)],
  ]

  it.each(responses)('does not make a sentence long or unreadable: %s', async (_, kind, response) => {
    const connection = connectionOf('adf-prod.mpe', { groupIds: ['blob'] })
    const [first] = (await proveWith(connection, { [kind]: response })).refusals
    expect(first?.sentence.length).toBeGreaterThan(50)
    expect(first?.sentence.length).toBeLessThan(500)
    expect(first?.sentence).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u)
    expect(first?.sentence).toContain('\uFFFD')
  })
})
