import { describe, expect, it } from 'vitest'
import { writeSupportOf } from '../../../shared/private-link/resource-types/resource-type.ts'
import { resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import { targetOf } from './ids.ts'
import { endpoint, item, listCall, listReply, onlyOne, otherLists, setting } from './setting.ts'

const approval = { status: 'Approved', description: 'Approved, decision d1' } as const

describe.each(resourceTypes)('$type, list $list', (resourceType) => {
  const { writeForm, description, apiVersion, parentApiVersion, stateMember } = resourceType
  const target = targetOf(resourceType.type)
  const id = `${target.id}/${resourceType.childTypes[0] ?? ''}/c1`
  const done = { provisioningState: resourceType.doneStates[0] }
  const shown = (status: string, more: object = done) => item(id, status, more, stateMember)
  const listing = listCall(resourceType, target)

  const pendingThenApproved = {
    ...otherLists(target, resourceType),
    [listing]: [
      listReply(resourceType, [shown('Pending', { ...done, groupIds: ['g'], groupId: 'g' })]),
      listReply(resourceType, [shown('Approved')]),
    ],
    [`GET ${id}`]: { status: 200, body: shown('Approved') },
  }

  it('is listed as it is', async () => {
    const { connections, fake } = setting(pendingThenApproved)
    const connection = await onlyOne(connections, target)
    expect(connection).toMatchObject({
      status: 'Pending',
      list: resourceType.list,
      writeSupport: writeSupportOf(resourceType),
      description: 'please',
      endpoint: { key: endpoint.key },
      groupIds: resourceType.groupIds === 'absent' ? undefined : ['g'],
    })
    const asked = fake.calls.find(({ method, url }) => `${method} ${url.pathname}` === listing)
    expect(asked?.url.searchParams.get('api-version')).toBe(
      resourceType.listForm === 'embedded' ? parentApiVersion : apiVersion,
    )
  })

  const itWrites = writeForm === 'none' ? undefined : it
  const itNever = writeForm === 'none' ? it : undefined

  itWrites?.('is answered in its own way and read back', async () => {
    const verb = { 'put-connection': 'PUT', 'patch-connection': 'PATCH' }[writeForm as 'put-connection']
    const write = verb ? `${verb} ${id}` : `POST ${target.id}/ingestionPrivateEndpointConnectionStatus`
    const { connections, fake } = setting({ ...pendingThenApproved, [write]: { status: 200, body: {} } })
    const connection = await onlyOne(connections, target)
    expect(await connections.apply(connection, approval)).toEqual({ kind: 'written' })
    expect((await connections.read(connection))?.status).toBe('Approved')

    const sent = fake.calls.filter(({ method }) => method !== 'GET')
    expect(sent.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([write])
    expect(sent[0]?.url.searchParams.get('api-version')).toBe(apiVersion)
    const state = description === 'read-only' ? { status: 'Approved' } : approval
    const properties = { privateEndpoint: { id: endpoint.id }, [stateMember]: state }
    expect(sent[0]?.body).toMatchObject(
      verb ? { properties } : { privateEndpointId: endpoint.id, status: 'Approved' },
    )
  })

  itNever?.('is never written, whatever its connection says of itself', async () => {
    const { connections, fake } = setting(pendingThenApproved)
    const connection = await onlyOne(connections, target)
    await expect(connections.apply(connection, approval)).rejects.toThrow(/Nothing can apply a decision/)
    const claimed = { ...connection, writeSupport: 'with-description' } as const
    await expect(connections.apply(claimed, approval)).rejects.toThrow(/No operation applies/)
    expect(fake.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('is finished in its end states only', async () => {
    const { connections } = setting(pendingThenApproved)
    const connection = await onlyOne(connections, target)
    const progressOf = (provisioningState?: string) =>
      connections.progressOf({ ...connection, provisioningState })
    const { doneStates, busyStates, failureStates } = resourceType
    expect(doneStates.map(progressOf)).toEqual(doneStates.map(() => 'finished'))
    expect(progressOf(doneStates[0]?.toUpperCase())).toBe('finished')
    expect(progressOf(undefined)).toBe('finished')
    if (doneStates.length === 0) expect(progressOf('Updating')).toBe('finished')
    else {
      expect(failureStates.map(progressOf)).toEqual(failureStates.map(() => 'failed'))
      const busy = busyStates.filter((state) => ![...doneStates, ...failureStates].includes(state))
      expect(busy.map(progressOf)).toEqual(busy.map(() => 'under-way'))
      expect(['', 'Odd'].map(progressOf)).toEqual(['unknown', 'unknown'])
    }
  })
})
