import { foldCase } from '../../domain/fold-case.ts'
import type { Contradiction } from '../rule/form.ts'
import { type CheckedChannel, channelFields } from './channel-fields.ts'
import type { ChannelContent, ChannelKind } from './content.ts'
import type { CheckedRoute } from './route-fields.ts'

type Check<Checked> = (checked: Checked) => Contradiction | undefined

/** The fields that a channel of each kind must have. */
export const requiredOf: Readonly<Record<ChannelKind, readonly (keyof ChannelContent)[]>> = {
  teams: ['urlSetting'],
  email: [],
  webhook: ['url', 'secretSetting'],
}

/** The first contradiction within a channel; undefined if there is none. */
export const findChannelContradiction = firstOf<CheckedChannel>([
  eachFieldFitsTheKind,
  nothingIsMissing,
  somebodyGetsTheMail,
  tagHasDomains,
  noAddressTwice,
])

/** The first contradiction within a route; undefined if there is none. */
export const findRouteContradiction = firstOf<CheckedRoute>([
  defaultHasNoCondition,
  noChannelTwice('channels'),
  noChannelTwice('fallback'),
  fallbackIsAnotherChannel,
])

function firstOf<Checked>(checks: readonly Check<Checked>[]): Check<Checked> {
  return (checked) => {
    for (const check of checks) {
      const problem = check(checked)
      if (problem !== undefined) return problem
    }
    return undefined
  }
}

/** Does not quote the value: it may be a secret. */
function eachFieldFitsTheKind(channel: CheckedChannel): Contradiction | undefined {
  for (const [field, { onlyFor }] of Object.entries(channelFields))
    if (onlyFor !== undefined && onlyFor.variant !== channel.kind && field in channel)
      return {
        field,
        sentence: `${field} is stated; only a channel of kind ${onlyFor.variant} ${onlyFor.does}, so leave it out of one of kind ${channel.kind}`,
      }
  return undefined
}

function nothingIsMissing(channel: CheckedChannel): Contradiction | undefined {
  const field = requiredOf[channel.kind].find((name) => channel[name] === undefined)
  return field === undefined
    ? undefined
    : {
        field,
        sentence: `${field} is missing; a channel of kind ${channel.kind} needs it, and it must be ${channelFields[field].expected}`,
      }
}

function somebodyGetsTheMail({ kind, to, fromTag }: CheckedChannel): Contradiction | undefined {
  return kind === 'email' && to === undefined && fromTag === undefined
    ? { field: 'to', sentence: 'to is missing; a channel of kind email needs addresses, or fromTag' }
    : undefined
}

function tagHasDomains({ fromTag, fromTagDomains }: CheckedChannel): Contradiction | undefined {
  if ((fromTag === undefined) === (fromTagDomains === undefined)) return undefined
  return fromTag === undefined
    ? { field: 'fromTagDomains', sentence: 'fromTagDomains is stated without fromTag, which names the tag' }
    : {
        field: 'fromTag',
        sentence:
          'fromTag is stated without fromTagDomains; list the domains in which such an address must lie, because whoever writes tags must not choose who gets mail',
      }
}

function noAddressTwice({ to = [] }: CheckedChannel): Contradiction | undefined {
  const twice = repeated(to)
  return twice === undefined ? undefined : { field: 'to', sentence: `to has "${twice}" twice` }
}

function defaultHasNoCondition(route: CheckedRoute): Contradiction | undefined {
  if (route.default !== true) return undefined
  const field = (['rules', 'scopes', 'targetTags', 'risk'] as const).find((name) => route[name] !== undefined)
  return field === undefined
    ? undefined
    : {
        field,
        sentence: `${field} is stated; the default route takes whatever no other route takes, so leave it out`,
      }
}

function noChannelTwice(field: 'channels' | 'fallback'): Check<CheckedRoute> {
  return (route) => {
    const twice = repeated(route[field] ?? [])
    return twice === undefined ? undefined : { field, sentence: `${field} has "${twice}" twice` }
  }
}

function fallbackIsAnotherChannel({ channels, fallback = [] }: CheckedRoute): Contradiction | undefined {
  const both = fallback.find((name) => channels.includes(name))
  return both === undefined
    ? undefined
    : { field: 'fallback', sentence: `fallback has "${both}", which channels has as well; use another one` }
}

function repeated(items: readonly string[]): string | undefined {
  return items.find((item, index) => items.findIndex((other) => foldCase(other) === foldCase(item)) < index)
}
