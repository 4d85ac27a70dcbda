import type { ConnectionWrite } from '../domain/connection-write.ts'
import type { Request } from '../domain/request.ts'
import { maxDescriptionLength, statusOf } from './identity.ts'

/**
 * What is sent to Azure for an intent. The description names the decision, so that it can be recognized.
 * @throws Error for a request without an intent: nothing is sent without one.
 */
export function writeOf(request: Request | undefined): ConnectionWrite {
  if (request?.state.name !== 'applying')
    throw new Error('A decision is applied only after its intent is recorded.')
  const status = statusOf[request.state.outcome]
  const rule = request.state.rule === undefined ? '' : `, rule ${request.state.rule}`
  const description = `${status} by private-endpoint-approver, decision ${request.decisionId}${rule}`
  return { status, description: description.slice(0, maxDescriptionLength) }
}
