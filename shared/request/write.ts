import type { ConnectionWrite } from '../domain/connection-write.ts'
import type { Request } from '../domain/request.ts'
import { statusOf } from './identity.ts'

/**
 * What is sent to Azure for an intent. The description names the decision, so that it can be recognized; never the rule, as
 * the requester reads it, who may be of another tenant.
 * @throws Error for a request without an intent: nothing is sent without one.
 */
export function writeOf(request: Request | undefined): ConnectionWrite {
  if (request?.state.name !== 'applying')
    throw new Error('A decision is applied only after its intent is recorded.')
  const status = statusOf[request.state.outcome]
  const description = `${status} by private-endpoint-approver, decision ${request.decisionId}`
  return { status, description }
}
