import type { Connection } from '../domain/connection.ts'
import { printableName } from '../domain/printable.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Words } from '../domain/words.ts'

export const provisioningFailed: Words = {
  code: 'ProvisioningFailed',
  isOwn: true,
  message: 'the provisioning of the connection failed',
}

export const endpointHidden: Words = {
  code: 'EndpointNotShown',
  isOwn: true,
  message: 'the list shows an endpoint or group ids that a read of the connection does not show',
}

export const differ = { code: 'ListAndReadDiffer', isOwn: true } as const

/** True for a code of this app that says: a list and a read of the connection differ. */
export function isOfContradiction(code: string | undefined): boolean {
  return code === differ.code || code === endpointHidden.code
}

export const contradiction: Words = {
  ...differ,
  message: 'the list of the target shows the connection, and a read of it says that it does not exist',
}

/** The other way round: a connection that a whole list lacks. */
export function listLacks({ name }: ResourceId): Words {
  return {
    ...differ,
    message: `the list of the target lacks the connection ${printableName(name)}, and a read of it shows it`,
  }
}

const searchDiffers = { code: 'ListAndSearchDiffer', isOwn: true } as const

/** True for a code of this app that says: what Azure shows of the connection differs, by where it is asked. */
export function isOfSources(code: string): boolean {
  return isOfContradiction(code) || code === searchDiffers.code
}

/** A connection that Resource Graph shows as Pending, and a whole list lacks. */
export function listLacksShown({ name }: ResourceId): Words {
  return {
    ...searchDiffers,
    message: `Resource Graph shows the Pending connection ${printableName(name)}, which the list of the target lacks`,
  }
}

export const stillThere: Words = {
  code: 'NotFound',
  isOwn: true,
  message: 'a write says that the connection does not exist, and a read shows it',
}

export const stillWaiting: Words = {
  code: 'StillPending',
  isOwn: true,
  message: 'the connection is still Pending',
}

export const accepted: Words = {
  code: 'StillWorking',
  isOwn: true,
  message: 'the decision is accepted, and Azure is still working on it',
}

/** The words of an event, and no more of it. */
export function saidBy({ code, message, isOwn }: Words): Words {
  return { code, message, ...(isOwn && { isOwn }) }
}

/** What a connection shows that is not as meant. */
export function shownBy({ status, provisioningState }: Connection): Words {
  const shown =
    provisioningState === undefined ? 'no provisioning state' : `the provisioning state ${provisioningState}`
  return {
    code: 'NotFinished',
    isOwn: true,
    message: `the connection shows the status ${status || '(none)'} and ${shown}`,
  }
}
