import { contentHash } from '../allow-list/rule/hash.ts'
import { ruleForm } from '../allow-list/rule/rule-form.ts'
import { hasRole, type Person } from '../domain/caller.ts'
import { printable } from '../domain/printable.ts'
import type { RuleName } from '../domain/request.ts'
import { isSameName } from '../domain/resource-id.ts'
import type { RuleContent } from '../domain/rule.ts'
import type { Facts } from '../domain/verdict.ts'
import type { ListToAddTo, RuleAdditionsPort } from '../ports/rule-additions.ts'
import { withoutEffect } from './effect.ts'
import { inexact } from './exact.ts'
import { refusal, type RememberRefusal } from './refusal.ts'

/** A rule that a person wants to be written. */
export interface ToRemember {
  /** Of `pinnedRule`. */
  readonly content: RuleContent
  readonly facts: Facts
  /** `contentHash` of the rule that was shown to the person. */
  readonly shownHash: string
  readonly person: Person
  readonly now: Date
}

/** What became of it. */
export type Remembered =
  | {
      readonly kind: 'written'
      readonly rule: RuleName
      /** True: the very same rule was there before, as after a crash. */
      readonly wasThere: boolean
    }
  | { readonly kind: 'refused'; readonly refusal: RememberRefusal }

/** Each try that fails was overtaken by somebody else's change. */
const maxTries = 10
const source = 'approve-and-remember'

/**
 * Writes the rule that a person was shown into the allow-list, as `allow-list apply` would: one transaction with its entry in
 * the history. Exactly once: called again with the same rule it finds it written. Never replaces a rule, never writes again
 * what somebody removed, and writes nothing that would not decide such requests. Call it after a review
 * pass has verified the approval: an open request follows the new rule within a minute.
 */
export async function rememberRule(
  { additions }: { readonly additions: Pick<RuleAdditionsPort, 'read'> },
  toRemember: ToRemember,
): Promise<Remembered> {
  const { content, person, now } = toRemember
  const unasked = refusedBeforeReading(toRemember)
  if (unasked) return refused(unasked)
  const by = { who: person.objectId, at: now, source, sourceSha256: contentHash(content) }
  for (let tries = 0; tries < maxTries; tries += 1) {
    const list = await additions.read(content.id)
    if ('problem' in list) return refused(refusal('list-unavailable', list.problem))
    const there = alreadyThere(list, content)
    if (there) return there
    const problem = refusedBy(list, toRemember)
    if (problem) return refused(problem)
    const added = await list.add(content, by)
    if (added.kind === 'added') return written(content.id, added.version, false)
    if (added.kind === 'failed') return refused(refusal('list-unavailable', `${added.why} ${tryAgain}`))
  }
  return refused(
    refusal('list-busy', `The allow-list was changed by others ${maxTries} times meanwhile. ${tryAgain}`),
  )
}

/** Why the rule would not be written now; undefined: it would be, or is there. Writes nothing. */
export async function obstacleToRule(
  { additions }: { readonly additions: Pick<RuleAdditionsPort, 'read'> },
  toRemember: ToRemember,
): Promise<RememberRefusal | undefined> {
  const unasked = refusedBeforeReading(toRemember)
  if (unasked) return unasked
  const list = await additions.read(toRemember.content.id)
  if ('problem' in list) return refusal('list-unavailable', list.problem)
  const there = alreadyThere(list, toRemember.content)
  if (there) return there.kind === 'refused' ? there.refusal : undefined
  return refusedBy(list, toRemember)
}

const tryAgain = 'Try again: the rule is written once, however often.'

function refusedBeforeReading({ content, shownHash, person }: ToRemember): RememberRefusal | undefined {
  if (!hasRole(person, ['RuleAdmin']))
    return refusal('not-rule-admin', 'Writing a rule needs the role RuleAdmin.')
  return contentHash(content) === shownHash
    ? undefined
    : refusal(
        'changed-since-shown',
        'The rule is not the one that was shown; read it again, then confirm it.',
      )
}

/** Ids that differ only in case would be refused in a file. */
function alreadyThere({ rules }: ListToAddTo, content: RuleContent): Remembered | undefined {
  const there = rules.find(({ id }) => isSameName(id, content.id))
  if (there === undefined) return undefined
  const { version, changedBy, changedAt, ...is } = there
  if (contentHash(is) === contentHash(content)) return written(there.id, version, true)
  const who =
    changedBy === undefined ? '' : `, written by ${printable(changedBy)} at ${changedAt ?? 'an unknown time'}`
  return refused(
    refusal(
      'id-taken',
      `Rule ${printable(there.id)} v${version} is there${who}, and says something else. It stays as it is.`,
    ),
  )
}

function refusedBy(list: ListToAddTo, { content, facts, now }: ToRemember): RememberRefusal | undefined {
  if (list.lastChange !== undefined)
    return refusal(
      'removed-since',
      `Rule ${content.id} was remembered before and is gone: ${list.lastChange} Add it by a file, if it is still needed.`,
    )
  if (list.rules.length >= ruleForm.maxItems)
    return refusal(
      'list-full',
      `The allow-list has ${list.rules.length} rules, and may have ${ruleForm.maxItems}.`,
    )
  return inexact(content, facts, now) ?? withoutEffect(content, facts, list.rules, now)
}

function written(id: string, version: number, wasThere: boolean): Remembered {
  return { kind: 'written', rule: `${id} v${version}`, wasThere }
}

function refused(why: RememberRefusal): Remembered {
  return { kind: 'refused', refusal: why }
}
