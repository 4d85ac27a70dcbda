import type { Choice } from '../../../shared/domain/choice.ts'
import { factory } from '../../support/request-parts.ts'
import {
  ago,
  applying,
  attempt,
  confirmed,
  evaluated,
  lake,
  now,
  open,
  openAfter,
  proofWith,
  refusedOnce,
  verdictOn,
} from './given.ts'
import type { RowExample } from './rows-waiting.ts'

/** What Ann chose, a minute ago unless said otherwise. */
export function choice(change: Partial<Choice> = {}): Choice {
  return {
    ...({ outcome: 'approve', person: { objectId: 'a11ce', name: 'Ann' }, reason: undefined } as const),
    ...{ at: ago(60), through: undefined, required: 1 },
    shown: {
      ...{ proof: confirmed.level, refusals: [], requesterId: factory.id },
      code: 'no-rule-matched',
    },
    ...change,
  }
}

const approved = { choices: [choice()] }
const byPeople = 'decided by people'
const shownElse = `${byPeople}, who were shown something else, may not decide it, or made the endpoint themselves`
const denied = 'approved by people, and denied by a rule now, which is on hold or was refused by Azure'
const escalate = evaluated('escalate')
const reject = evaluated('reject')
const unclear = evaluated('escalate', {}, { proof: proofWith('could-not-ask') })
const changed = evaluated('escalate', {}, { connection: lake({ description: 'Now!' }) })
const burstHold = { hold: { kind: 'burst', knownRules: ['sales v1'] }, caseId: 'beef.1.1' } as const
/** As this app writes it, without a rule. */
const byPerson = { rule: undefined }

export const choiceRows: readonly RowExample[] = [
  {
    row: `open | applying · evaluated · ${byPeople}, and not to be verified again now, for less than 30 min`,
    request: open(undefined, approved),
    event: verdictOn(unclear),
    then: 'retry after 60 s',
  },
  {
    row: `open · evaluated · ${shownElse}`,
    request: open(undefined, approved),
    event: verdictOn(changed),
    then: 'escalated → open (choice-outdated, question); end',
    says: 'Approved by Ann. But the message of the requester is another one now. It says escalate.',
  },
  {
    row: `applying · evaluated · ${shownElse}`,
    request: applying(byPerson, approved),
    event: { kind: 'evaluated', evaluated: escalate, askers: ['a11ce'] },
    then: 'abandoned → open (requested-by-approver, question); end',
    says: 'Ann approved it, and made the endpoint as well: nobody approves a request of their own. Somebody else must approve it. It says escalate.',
  },
  {
    row: `open · evaluated · ${denied}`,
    request: openAfter('refused', 'reject', { ...approved, refused: refusedOnce(undefined) }),
    event: verdictOn(reject),
    then: 'escalated → open (choice-outdated, question); end',
    says: 'Approved by Ann. But a rule denies it now. It says reject.',
  },
  {
    row: `applying · evaluated · ${denied}`,
    request: applying(byPerson, { ...approved, ...burstHold }),
    event: verdictOn(reject),
    then: 'abandoned → open (choice-outdated, question); end',
    says: 'Approved by Ann. But a rule denies it now. The request came in burst case beef.1.1 and stays in manual review; a new rule, or a new version of a rule, releases it.',
  },
  {
    row: `open · evaluated · ${byPeople}, and refused by Azure since`,
    request: openAfter('refused', 'approve', {
      ...approved,
      refused: refusedOnce(undefined, { rule: undefined, since: ago(30) }),
    }),
    event: verdictOn(escalate),
    then: 'end',
  },
  {
    row: `open | applying · evaluated · ${byPeople}, while Azure may still carry out the opposite`,
    request: open(undefined, { ...approved, attempts: [attempt('reject', ago(-1))] }),
    event: verdictOn(escalate),
    then: 'retry after 60 s',
  },
  {
    row: `applying · evaluated · ${byPeople}, the same decision by the same list`,
    request: applying(byPerson, approved),
    event: verdictOn(escalate),
    then: 'intent → applying (allowed-by-rule); read',
    says: 'Rule sales allows it.',
  },
  {
    row: `open | applying · evaluated · ${byPeople}`,
    request: open(undefined, { choices: [choice({ outcome: 'reject', reason: 'Unknown.' })] }),
    event: verdictOn(evaluated('approve')),
    then: 'intent → applying by person (decided-by-person); read',
    says: 'Rejected by Ann (“Unknown.”).',
  },
]

export const chosenRows: readonly RowExample[] = [
  {
    row: 'open · chosen · rejects, or approves what nobody has rejected',
    request: open(undefined, { choices: [choice({ required: 2 })] }),
    event: {
      kind: 'chosen',
      choice: choice({ person: { objectId: 'be4', name: 'Ben' }, required: 2, at: now.toISOString() }),
    },
    then: 'chosen → open by person (decided-by-person, known); end',
    says: 'Approved by Ann and Ben.',
  },
]
