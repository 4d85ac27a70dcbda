import { statedFields } from '../allow-list/rule/content.ts'
import { contentFields } from '../allow-list/rule/fields.ts'
import { contentHash } from '../allow-list/rule/hash.ts'
import { ruleForm } from '../allow-list/rule/rule-form.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { plainContent, type RequesterPattern, type RuleContent } from '../domain/rule.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { Facts } from '../domain/verdict.ts'
import { seenGroupIds } from '../policy/index.ts'
import { inexact } from './exact.ts'
import { pinnableFacts } from './pinnable.ts'
import { refusal, type RememberRefusal } from './refusal.ts'
import { type Terms, termsOfRule, usualDays } from './terms.ts'

/** A rule that approves exactly such requests, with the facts that it was made from; or why there is none. */
export type Pinned =
  | { readonly content: RuleContent; readonly facts: Facts; readonly refused?: undefined }
  | { readonly content?: undefined; readonly facts?: undefined; readonly refused: RememberRefusal }

/** Of a decision id: the beginning of the hash of the connection, and the number of the episode. */
const decisionForm = /^([0-9a-f]{12})[0-9a-f]{8}\.(\d{1,9})\.\d{1,6}$/
const maxNameInId = 60

/**
 * The `allow` that approves a request like this one again, and nothing else: this endpoint name of this requester, on this
 * target, for these group ids, with the proof that there is today, until a day. It names no number of connections: one
 * endpoint name has one connection, and the count would include the requester's other endpoints. Pure: the same entry,
 * terms and day give the same rule.
 * @param entry the last one of the request; its facts are those of the last verdict.
 */
export function pinnedRule(entry: LogEntry, terms: Terms, now: Date): Pinned {
  const { facts, refused } = pinnableFacts(entry)
  if (refused) return { refused }
  const ofTerms = termsOfRule(terms, now)
  if (ofTerms.refused) return ofTerms
  const id = idOf(facts, entry.decisionId)
  const pins = pinsOf(facts)
  if ('code' in id) return { refused: id }
  if ('code' in pins) return { refused: pins }
  const content: RuleContent = { ...plainContent, id: id.id, effect: 'allow', ...pins, ...ofTerms.terms }
  const problem = unwritable(content) ?? inexact(content, facts, now)
  return problem ? { refused: problem } : { content, facts }
}

type Pins = Pick<RuleContent, 'target' | 'targetTypes' | 'groupIds' | 'requester' | 'endpointName' | 'proof'>

/** The type is named, too: a target includes what lies under it, and slots of a site have connections of their own. */
function pinsOf(facts: Facts): Pins | RememberRefusal {
  const { endpoint, target } = facts.connection
  const groupIds = seenGroupIds(facts)
  if (groupIds === undefined)
    return refusal(
      'group-ids-unknown',
      'Not all group ids of the request are known, so a rule would allow every group.',
    )
  return {
    target: target.id,
    targetTypes: [target.type],
    groupIds,
    requester: requesterOf(facts),
    endpointName: endpoint?.name,
    proof: facts.proof.level === 'confirmed' ? 'confirmed' : 'platform',
  }
}

/** The confirmed requester, or the ordinary endpoint itself. */
function requesterOf({
  connection: { endpoint },
  proof: { requester },
}: Facts): RequesterPattern | undefined {
  const id = requester && requester.kind !== 'private-endpoint' ? requester.id.id : endpoint?.id
  return id === undefined ? undefined : { kind: 'resource', id }
}

/** The same for every entry of one wait of the connection. */
function idOf(facts: Facts, decisionId: string): { readonly id: string } | RememberRefusal {
  const id = rememberedRuleId(facts.connection.target, decisionId)
  return id === undefined
    ? refusal('decision-id-unreadable', 'The id of the decision has another form than this app gives it.')
    : { id }
}

/** The id of the rule that remembers a request; undefined: the id of the decision is none of this app's. */
export function rememberedRuleId({ name }: Pick<ResourceId, 'name'>, decisionId: string): string | undefined {
  const [, connection, episode] = decisionForm.exec(decisionId) ?? []
  if (connection === undefined || episode === undefined) return undefined
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').slice(0, maxNameInId)
  return `remembered-${plain}-${connection}.${episode}`
}

/**
 * Why no rule remembers the request whose last entry this is, whatever a person adds to it; undefined: one can. Rules of
 * the list are not compared. Pure.
 * @param owner object id of the person.
 */
export function whyNotPinned(entry: LogEntry, owner: string): RememberRefusal | undefined {
  const terms = { owner, reason: 'As typed later', ticket: undefined, days: usualDays }
  return pinnedRule(entry, terms, new Date(entry.at)).refused
}

/** Whether the rule is one as files and rows hold it, and is the same when it is read again. */
function unwritable(content: RuleContent): RememberRefusal | undefined {
  const read = ruleForm.ofFile(Object.fromEntries(statedFields(ruleForm, content)))
  if (read.contradiction)
    return refusal('cannot-be-written', `No rule can say this: ${read.contradiction.sentence}.`)
  if (read.issues) {
    const name = String(read.issues[0]?.path[0])
    const expected =
      Object.entries(contentFields).find(([field]) => field === name)?.[1].expected ?? 'left out'
    return refusal('cannot-be-written', `No rule can say this: ${name} must be ${expected}.`)
  }
  return contentHash(read.content) === contentHash(content)
    ? undefined
    : refusal('cannot-be-written', 'No rule can say this: it would be read as another one.')
}
