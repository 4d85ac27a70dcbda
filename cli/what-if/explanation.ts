import { visible } from '../../shared/domain/printable.ts'
import type { Condition, Match, Outcome, RuleExplanation, Verdict } from '../../shared/domain/verdict.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { wrapped } from '../terminal/wrap.ts'

type Paper = Pick<Io, 'coloured' | 'width'>

const symbols: Readonly<Record<Match, readonly [symbol: string, colour: Colour]>> = {
  yes: ['✓', 'green'],
  no: ['✗', 'red'],
  unknown: ['?', 'yellow'],
}

const outcomeColours: Readonly<Record<Outcome, Colour>> = {
  approve: 'green',
  escalate: 'yellow',
  reject: 'red',
}

const nameWidth = 15
const minWidth = 60
const maxWidth = 140

/**
 * A verdict as text: the outcome, the reason, then every rule that was evaluated with each of its conditions. A
 * condition that matched shows the expected value, another one also the actual value.
 * @param ruleCount of the whole set; rules that were not evaluated are counted.
 */
export function explanationOf(verdict: Verdict, ruleCount: number, paper: Paper): string {
  const width = Math.min(Math.max(paper.width, minWidth), maxWidth)
  const { outcome, reason, explanation } = verdict
  return [
    `${paper.coloured(outcome, outcomeColours[outcome])} (${reason.code})`,
    ...wrapped(visible(reason.sentence), width),
    ...explanation.flatMap((rule) => ['', ...ruleLines(rule, roleOf(rule, verdict), { ...paper, width })]),
    '',
    countLine(explanation.length, ruleCount),
  ].join('\n')
}

function ruleLines(rule: RuleExplanation, role: string, paper: Paper): readonly string[] {
  const title = `${rule.ruleId} (${rule.effect}${rule.mode === 'audit' ? ', audit only' : ''})`
  const line = role === '' ? title : `${title}: ${role}`
  return [
    `${withSymbol(rule.match, paper)} ${line}`,
    ...rule.conditions.flatMap((condition) => conditionLines(condition, paper)),
  ]
}

function conditionLines({ name, match, expected, actual }: Condition, paper: Paper): readonly string[] {
  const indent = '    '
  const head = `${indent}${withSymbol(match, paper)} ${name.padEnd(nameWidth)}`
  const hanging = ' '.repeat(indent.length + 2 + nameWidth)
  const room = paper.width - hanging.length
  const texts =
    match === 'yes'
      ? wrapped(visible(expected), room)
      : [...labelled('expected', expected, room), ...labelled('actual', actual, room)]
  return texts.map((text, index) => (index === 0 ? head : hanging) + text)
}

function labelled(label: string, text: string, room: number): readonly string[] {
  const labelWidth = 'expected: '.length
  return wrapped(visible(text), room - labelWidth).map(
    (line, index) => (index === 0 ? `${label}:` : '').padEnd(labelWidth) + line,
  )
}

function roleOf(rule: RuleExplanation, { decidedBy, nearest }: Verdict): string {
  if (rule.ruleId === decidedBy?.ruleId)
    return rule.match === 'yes' ? 'decided' : 'may match, so the request needs manual review'
  if (rule.ruleId === nearest?.ruleId) return 'came nearest'
  return rule.match === 'yes' ? wouldHave(rule) : ''
}

function wouldHave({ mode }: RuleExplanation): string {
  return mode === 'audit' ? 'matches, and decides nothing' : 'matches, too'
}

function countLine(explanation: number, all: number): string {
  const others = all - explanation
  if (all === 0) return 'There are no rules.'
  if (others === 0) return explanation === 1 ? 'There are no other rules.' : 'These are all the rules.'
  const who = others === 1 ? '1 rule was' : `${others} rules were`
  return `${who} not evaluated: ${others === 1 ? 'it applies' : 'they apply'} to other targets.`
}

function withSymbol(match: Match, { coloured }: Paper): string {
  return coloured(...symbols[match])
}
