import type { CaseMember } from '../domain/case-member.ts'
import type { Risk } from '../domain/message.ts'

/** A request of which a message may be. */
export type RequestMember = Extract<CaseMember, { readonly kind: 'request' | 'reminder' | 'outcome' }>

/** What a message is about: how many requests, and the first of them to show. */
export interface Content {
  readonly total: number
  /** How many cases they are of: more than one in a digest only. */
  readonly cases: number
  /** Most urgent first. */
  readonly shown: readonly RequestMember[]
  readonly risk: Risk
  readonly hasAlarm: boolean
  /** True when some request was not decided in time. */
  readonly hasExpired: boolean
}

export const noContent: Content = {
  ...{ total: 0, cases: 0, shown: [], risk: 'normal' },
  ...{ hasAlarm: false, hasExpired: false },
}

/** The most requests that a message names: channels show what fits. */
export const maxShown = 20

/** The content with one request more. The rest is counted only, so that a large case takes no memory. */
export function withRequest(content: Content, member: RequestMember): Content {
  const risk = member.kind === 'outcome' ? 'normal' : member.risk
  const isAlarm = member.kind === 'request' && member.notification.severity === 'alarm'
  return {
    ...content,
    total: content.total + 1,
    shown: [...content.shown, member].toSorted(byUrgency).slice(0, maxShown),
    risk: risk === 'high' ? 'high' : content.risk,
    hasAlarm: content.hasAlarm || isAlarm,
    hasExpired: content.hasExpired || (member.kind === 'outcome' && member.isExpired === true),
  }
}

/** The content of a digest with one case more, which shows its most urgent request. */
export function withCase(content: Content, ofCase: Content): Content {
  if (ofCase.total === 0) return content
  return {
    total: content.total + ofCase.total,
    cases: content.cases + 1,
    shown: [...content.shown, ...ofCase.shown.slice(0, 1)].toSorted(byUrgency).slice(0, maxShown),
    risk: ofCase.risk === 'high' ? 'high' : content.risk,
    hasAlarm: content.hasAlarm || ofCase.hasAlarm,
    hasExpired: content.hasExpired || ofCase.hasExpired,
  }
}

function byUrgency(one: RequestMember, other: RequestMember): number {
  return rank(one) - rank(other) || (one.notification.since < other.notification.since ? -1 : 1)
}

function rank(member: RequestMember): number {
  return member.kind !== 'outcome' && member.risk === 'high' ? 0 : 1
}
