/** Words that this project no longer uses, and their replacements. The reasons: docs/glossary.md. */
export interface ReplacedWord {
  /** Every form, each of one word or several: `judge`, `kept back`. */
  readonly forms: readonly string[]
  readonly say: string
  /** True for a word that is replaced only where a name begins with it. */
  readonly isFirst?: boolean
}

export const replacedWords: readonly ReplacedWord[] = [
  { forms: ['flood', 'floods', 'flooded', 'flooding'], say: 'burst' },
  { forms: ['lane', 'lanes'], say: 'counter' },
  { forms: ['rival', 'rivals', 'rivalry', 'namesake', 'namesakes'], say: 'competing claim' },
  { forms: ['surrounding', 'surroundings', 'vicinity'], say: 'context' },
  { forms: ['mark', 'marks', 'marked', 'marking'], say: 'checkpoint, flag or symbol' },
  {
    forms: [
      ...['judge', 'judges', 'judged', 'judging'],
      ...['judgement', 'judgements', 'judgment', 'judgments'],
    ],
    say: 'evaluate',
  },
  { forms: ['wanted'], say: 'expected' },
  { forms: ['want', 'wants'], say: 'requires or matches' },
  { forms: ['speak of', 'speaks of', 'speaking of', 'spoke of', 'spoken of'], say: 'matches or applies to' },
  { forms: ['look', 'looks', 'looked', 'looking'], say: 'review pass, read or check' },
  { forms: ['come back', 'comes back', 'came back', 'coming back'], say: 'requeue or retry after' },
  {
    forms: [
      ...['hold back', 'holds back', 'held back', 'holding back'],
      ...['keep back', 'keeps back', 'kept back', 'keeping back'],
    ],
    say: 'hold',
  },
  { forms: ['let go', 'lets go', 'letting go'], say: 'release' },
  {
    forms: ['answer', 'answers', 'answered', 'answering', 'answerable', 'answerer', 'unanswered'],
    say: 'apply or write (a decision), response (of a server)',
  },
  { forms: ['settle elsewhere', 'settles elsewhere', 'settled elsewhere'], say: 'decided elsewhere' },
  { forms: ['not waiting'], say: 'not pending' },
  { forms: ['groups differ', 'group differs'], say: 'group ids differ' },
  { forms: ['patience'], say: 'deadline or timeout' },
  { forms: ['stranger', 'strangers'], say: 'unknown requester' },
  { forms: ['rights'], say: 'permissions' },
  { forms: ['mend', 'mends', 'mended', 'mending', 'mender'], say: 'fix' },
  { forms: ['tell', 'tells', 'told', 'telling', 'teller', 'untold'], say: 'notify, report or disclose' },
  { forms: ['ask wrongly', 'asks wrongly', 'asked wrongly'], say: 'usage error' },
  { forms: ['most', 'longest'], say: 'max', isFirst: true },
  { forms: ['least', 'fewest'], say: 'min', isFirst: true },
]

/** Where a replaced word may stay, and why. An exception that is no longer needed is an error. */
export interface Exception {
  /** Part of the path; everywhere if left out. */
  readonly path?: string
  /** The whole name; every name in that path if left out. */
  readonly name?: string
  readonly reason: string
}

export const exceptions: readonly Exception[] = [
  { path: 'scripts/words/', reason: 'the list itself' },
  { name: 'look-alike', reason: 'the established word for a name that imitates another' },
  { name: 'lookAlike', reason: 'the established word for a name that imitates another' },
  { name: 'lookAlikes', reason: 'the established word for a name that imitates another' },
  { name: 'unanswered', reason: 'a write to which no usable response came' },
  { path: 'test/unit/scripts/find-words.test.ts', reason: 'plants each word' },
]
