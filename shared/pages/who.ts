import type { LogEntry } from '../domain/log-entry.ts'
import { claimedRequesterName, spokenRequester } from '../domain/requester-kind.ts'
import { endpointIdOf, type Request } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import { nameShown, shown, maxName } from './shown.ts'

/** Who asks, in words. */
export interface Who {
  /** "Data Factory adf-sales", "Unknown requester". */
  readonly name: string
  readonly isKnown: boolean
  /** What the endpoint's name claims, where nobody could confirm it. */
  readonly claim: string | undefined
}

const maxGroups = 5

type Facts = Pick<LogEntry, 'proof' | 'subject' | 'groupIds'>

export function whoAsks({ proof, subject }: Pick<Facts, 'proof' | 'subject'>): Who {
  if (proof?.level === 'confirmed' && proof.requester) {
    const { kind, id } = proof.requester
    return { name: spokenRequester(kind, nameShown(id.name)), isKnown: true, claim: undefined }
  }
  const endpoint = parseResourceId(endpointIdOf(subject))
  const claimed = endpoint && claimedRequesterName(endpoint)
  return {
    name: 'Unknown requester',
    isKnown: false,
    claim:
      claimed === undefined
        ? undefined
        : `Its endpoint is named as if it belonged to "${nameShown(claimed)}". Everybody can choose such a name.`,
  }
}

/** Who asks for what, in a few words. */
export function askOf(facts: Facts): string {
  const { subject, groupIds = [] } = facts
  const target = targetName(subject.targetId)
  if (subject.kind === 'target') return `The connections of ${target} need manual review`
  const names = groupIds.slice(0, maxGroups).map((group) => shown(group, maxName))
  const others = groupIds.length - names.length
  const groups = names.length === 0 ? '' : ` (${names.join(', ')}${others > 0 ? `, ${others} more` : ''})`
  return `${whoAsks(facts).name} asks for ${target}${groups}`
}

/** The last name of a target's id. */
export function targetName(targetId: string): string {
  return nameShown(parseResourceId(targetId)?.name ?? targetId)
}

/** The facts of a request that its last entry rests on, for records whose entry says less than the request. */
export function factsOf(request: Request, { proof }: Pick<LogEntry, 'proof'>): Facts {
  return { proof, subject: request.subject, groupIds: request.groupIds }
}
