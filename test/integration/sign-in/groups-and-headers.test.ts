import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../../shared/domain/caller.ts'
import { call, codeOf, signedIn, signInBench, type SignInBench } from '../../support/sign-in.ts'
import { annId, TestTenant } from '../../support/test-tenant.ts'

let tenant: TestTenant
let bench: SignInBench
beforeAll(async () => {
  tenant = await TestTenant.start()
})
beforeEach(() => {
  bench = signInBench(tenant)
})
afterAll(() => tenant.stop())

const callWith = (cookies: Record<string, string>) => bench.signIn.authenticate(call('/account', { cookies }))

describe('headers that a caller can send', () => {
  const principal = Buffer.from(
    JSON.stringify({ auth_typ: 'aad', claims: [{ typ: 'roles', val: 'Approver' }], role_typ: 'roles' }),
  ).toString('base64')
  const forged = {
    'x-ms-client-principal': principal,
    'x-ms-client-principal-id': annId,
    'x-ms-client-principal-name': 'ann@contoso-data.example',
    'x-ms-client-principal-idp': 'aad',
    'x-ms-token-aad-id-token': 'eyJhbGciOiJub25lIn0.e30.',
    'x-forwarded-user': annId,
    'x-original-user': annId,
  }

  it('never sign anybody in: forged headers of App Service authentication', async () => {
    expect(await codeOf(bench.signIn.authenticate(call('/account', { headers: forged })))).toBe(
      'not-signed-in',
    )
  })

  it('never change who is signed in', async () => {
    const cookies = await signedIn(bench, tenant, tenant.claims({ roles: ['Reader'] }))
    const who = await bench.signIn.authenticate(call('/account', { cookies, headers: forged }))
    expect(who.caller.roles).toEqual(['Reader'])
  })
})

describe('groups', () => {
  const ours = '6b0d2f10-0001-4c1e-8f21-d0a7a9920001'
  const others = '6b0d2f10-0002-4c1e-8f21-d0a7a9920002'
  const named = { namedGroups: () => Promise.resolve([ours]) }
  const overage = {
    _claim_names: { groups: 'src1' },
    _claim_sources: { src1: { endpoint: 'https://evil.test' } },
  }
  const groupsOf = async () =>
    ((await callWith(await signedIn(bench, tenant, claims))).caller as Person).groups
  let claims = {}

  it('of a person are kept only where rules name them', async () => {
    bench = signInBench(tenant, named)
    claims = tenant.claims({ groups: [ours.toUpperCase(), others] })
    expect(await groupsOf()).toEqual([ours])
  })

  it('that do not fit into the token are asked for at Graph, never at the address in the token', async () => {
    const asked: unknown[] = []
    const real = signInBench(tenant)
    bench = signInBench(tenant, {
      ...named,
      tenant: {
        ...real.tenantPort,
        memberOf: (...args) => {
          asked.push(args)
          return Promise.resolve([ours])
        },
      },
    })
    claims = tenant.claims(overage)
    expect(await groupsOf()).toEqual([ours])
    expect(asked).toEqual([[annId, [ours]]])
  })

  it('that do not fit are not asked for as long as no rule names any', async () => {
    claims = tenant.claims(overage)
    expect(await groupsOf()).toEqual([])
  })

  it('that do not fit, and cannot be asked for, are a reason to refuse', async () => {
    bench = signInBench(tenant, named)
    // The tenant of this test has no Graph: its response is not a list.
    await expect(signedIn(bench, tenant, tenant.claims(overage))).rejects.toMatchObject({
      code: 'tenant-unavailable',
    })
  })
})
