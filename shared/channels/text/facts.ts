import type { Message, RequestInMessage } from '../../domain/message.ts'
import { foreignShown, idShown, quoteShown, sentenceShown } from './foreign.ts'
import { timeShown } from './times.ts'
import { isOpen } from './wording.ts'

/** A label of ours, and a text that is plain text only. */
export interface Fact {
  readonly label: string
  readonly text: string
  /** `risk` is a warning, `code` is for copying. */
  readonly form: 'sentence' | 'risk' | 'quote' | 'code'
}

const maxFlags = 8
const maxGroups = 5
const maxCommand = 2_000

/** Who asks for what, in a few words. @param max characters of each name. */
export function askOf(request: RequestInMessage, message: Pick<Message, 'kind'>, max: number): string {
  const target = foreignShown(request.targetName, max)
  if (request.connectionId === undefined) return target
  const who = request.requester === undefined ? 'Unknown requester' : foreignShown(request.requester, max)
  const shown = (request.groupIds ?? []).slice(0, maxGroups).map((group) => foreignShown(group, max))
  const others = (request.groupIds?.length ?? 0) - shown.length
  const groups = shown.length === 0 ? '' : ` (${shown.join(', ')}${others > 0 ? `, ${others} more` : ''})`
  return `${who} ${isOpen(message) ? 'asks' : 'asked'} for ${target}${groups}`
}

/** What to know of a request before deciding, most important first; what became of it, once it is decided. @param max characters of each text. */
export function factsOf(request: RequestInMessage, max: number): readonly Fact[] {
  const { outcome, proof, reason, flags, requesterSaid } = request
  const risks = flags.slice(0, maxFlags).map((flag) => sentenceShown(flag, max))
  const said =
    requesterSaid === undefined ? [] : [fact('Requester wrote', quoteShown(requesterSaid, max), 'quote')]
  if (outcome !== undefined) return [fact('Outcome', sentenceShown(outcome, max)), ...said]
  return [
    ...(risks.length === 0 ? [] : [fact('Risk', risks.join(' '), 'risk')]),
    ...(request.connectionId === undefined ? [] : [fact('Verification', sentenceShown(proof, max))]),
    fact(request.connectionId === undefined ? 'Reason' : 'Why not automatic', sentenceShown(reason, max)),
    ...said,
  ]
}

/** What identifies a request, and how to decide it without the page of this app. */
export function detailsOf(request: RequestInMessage, message: Message, max: number): readonly Fact[] {
  const { connectionId, connectionName, endpointId, targetId, targetType, decisionId, since, commands } =
    request
  const isDecided = !isOpen(message)
  return [
    fact('Waiting since', timeShown(since, message.timeZone)),
    ...expiryFacts(request, message),
    ...(connectionName === undefined ? [] : [fact('Connection', idShown(connectionName, max), 'code')]),
    ...(endpointId === undefined ? [] : [fact('Endpoint', idShown(endpointId, 2 * max), 'code')]),
    fact('Target', idShown(targetId, 2 * max), 'code'),
    fact('Type', idShown(targetType, max), 'code'),
    fact('Decision id', idShown(decisionId, max), 'code'),
    ...(connectionId === undefined || isDecided ? [] : commandFacts(commands)),
  ]
}

function commandFacts(commands: RequestInMessage['commands']): readonly Fact[] {
  if (commands === undefined) return [fact('Commands', 'none is known for this type; use the Azure portal')]
  return [
    fact('To approve', commandShown(commands.approve), 'code'),
    fact('To reject', commandShown(commands.reject), 'code'),
  ]
}

function expiryFacts({ expiresAt, atExpiry }: RequestInMessage, message: Message): readonly Fact[] {
  if (expiresAt === undefined || (!isOpen(message) && !message.hasExpired)) return []
  const then = atExpiry === 'reject' ? 'rejected then' : 'stays Pending'
  return [
    fact('Time to decide', `until ${timeShown(expiresAt, message.timeZone)}; without a decision ${then}`),
  ]
}

/** A command that does not fit is left out: half of one does something else, or nothing. */
function commandShown(command: string): string {
  return command.length > maxCommand ? 'too long for this message' : idShown(command, maxCommand)
}

/** The facts that all requests have in common, and for each request the others. */
export function commonFacts(requests: readonly (readonly Fact[])[]): {
  readonly common: readonly Fact[]
  readonly others: readonly (readonly Fact[])[]
} {
  const [first = []] = requests
  if (requests.length < 2) return { common: [], others: requests }
  const isSame = (one: Fact) => (other: Fact) => other.label === one.label && other.text === one.text
  const common = first.filter((one) => requests.every((facts) => facts.some(isSame(one))))
  return { common, others: requests.map((facts) => facts.filter((one) => !common.some(isSame(one)))) }
}

function fact(label: string, text: string, form: Fact['form'] = 'sentence'): Fact {
  return { label, text, form }
}
