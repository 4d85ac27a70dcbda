import type { ProofLevel } from '../../../shared/domain/proof.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import type { Facts, Match } from '../../../shared/domain/verdict.ts'
import { allOf, known, type Condition } from './oracle-match.ts'
import { requesterOf } from './oracle-requester.ts'
import { placeOf, roomOf, tagsOf } from './oracle-context.ts'
import { alike, lastNameOf, type Spelling, strict } from './oracle-text.ts'

/** What one rule means for one request. */
export interface RuleOpinion {
  readonly rule: Rule
  readonly match: Match
  /** An `allow` that nothing but the proof of who asks holds back. */
  readonly lacksProof: boolean
}

/** One rule, made ready to be held against many requests. */
export type RuleOracle = (facts: Facts, now: Date) => RuleOpinion

const utcTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z$/
const proofsTaken: Readonly<Record<Rule['proof'], readonly ProofLevel[]>> = {
  platform: ['platform', 'confirmed'],
  confirmed: ['confirmed'],
}

/**
 * Tells one rule; undefined when its target cannot be understood. An `allow` that matches only as Azure compares, and not
 * letter by letter, may match.
 */
export function ruleOracleOf(rule: Rule): RuleOracle | undefined {
  const asAzure = ruleOracleIn(alike, rule)
  if (rule.effect !== 'allow' || asAzure === undefined) return asAzure
  let byLetters: RuleOracle | undefined
  return (facts, now) => {
    const opinion = asAzure(facts, now)
    if (opinion.match !== 'yes' && !opinion.lacksProof) return opinion
    byLetters ??= ruleOracleIn(strict, rule) ?? asAzure
    const { match, lacksProof } = byLetters(facts, now)
    return {
      rule,
      match: opinion.match === 'yes' && match !== 'yes' ? 'unknown' : opinion.match,
      lacksProof: opinion.lacksProof && lacksProof,
    }
  }
}

function ruleOracleIn(spelling: Spelling, rule: Rule): RuleOracle | undefined {
  const place = placeOf(rule.target, spelling)
  if (place === undefined) return undefined
  const conditions = [
    typesOf(rule, spelling),
    groupsOf(rule, spelling),
    endpointNameOf(rule, spelling),
  ].filter((each) => each !== undefined)
  const around = [tagsOf(rule, spelling), roomOf(rule)].filter((each) => each !== undefined)
  const requesterCondition = requesterOf(rule, spelling)
  const inForce = periodOf(rule)
  const elsewhere: RuleOpinion = { rule, match: 'no', lacksProof: false }
  return (facts, now) => {
    const onTarget = place(facts)
    if (onTarget === 'no') return elsewhere
    const standing = allOf([onTarget, ...around.map((condition) => condition(facts))])
    const others = [...conditions.map((condition) => condition(facts)), requesterCondition(facts)]
    const proof = known(rule.effect !== 'allow' || proofsTaken[rule.proof].includes(facts.proof.level))
    const valid = inForce(now)
    return {
      rule,
      match: allOf([...others, standing, proof, valid]),
      lacksProof:
        rule.effect === 'allow' &&
        valid === 'yes' &&
        standing === 'yes' &&
        !others.includes('no') &&
        (proof === 'no' || requesterCondition(facts) === 'unknown'),
    }
  }
}

function typesOf({ targetTypes }: Rule, { oneOf }: Spelling): Condition | undefined {
  if (targetTypes.length === 0) return undefined
  const isListed = oneOf(targetTypes)
  return ({ connection }) => known(isListed(connection.target.type))
}

function groupsOf({ groupIds, effect }: Rule, { oneOf }: Spelling): Condition | undefined {
  if (groupIds.length === 0) return undefined
  const isListed = oneOf(groupIds)
  return ({ connection, proof }) => {
    const actual = connection.groupIds?.length ? connection.groupIds : proof.groupIds
    if (!actual?.length) return 'unknown'
    const listed = actual.filter(isListed).length
    return known(effect === 'allow' ? listed === actual.length : listed > 0)
  }
}

function endpointNameOf({ endpointName }: Rule, { fitting }: Spelling): Condition | undefined {
  if (endpointName === undefined) return undefined
  const fits = fitting(endpointName)
  return ({ connection: { endpoint } }) =>
    endpoint === undefined ? 'unknown' : known(fits(lastNameOf(endpoint.id)))
}

function periodOf({ validFrom, validUntil }: Rule): (now: Date) => Match {
  const from = validFrom === undefined ? -Infinity : timeOf(validFrom)
  const until = validUntil === undefined ? Infinity : timeOf(validUntil)
  if (from === undefined || until === undefined) return () => 'unknown'
  return (now) => known(from <= now.getTime() && now.getTime() < until)
}

function timeOf(text: string): number | undefined {
  const parts = utcTime.exec(text)?.slice(1).map(Number)
  if (parts === undefined) return undefined
  const [year = 0, month = 0, ...rest] = parts
  const time = Date.UTC(year, month - 1, ...rest)
  return new Date(time).toISOString() === text ? time : undefined
}
