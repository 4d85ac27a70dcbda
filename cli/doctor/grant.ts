import type { Identity } from './check.ts'

/** The command that gives a role at a subscription, for a shell. */
export function grantCommand({ objectId }: Identity, role: string, subscriptionId: string): string {
  return `az role assignment create --assignee-object-id '${safe(objectId ?? '<object id of the app>')}' --assignee-principal-type ServicePrincipal --role '${role}' --scope '/subscriptions/${safe(subscriptionId)}'`
}

/** Ids contain no characters that are special to a shell. */
export function safe(text: string): string {
  return text.replace(/[^\p{L}\p{N}<>/_.() -]/gu, '')
}
