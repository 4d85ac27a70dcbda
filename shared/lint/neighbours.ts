import type { Comparable } from './comparable.ts'
import type { Remark } from './finding.ts'

const minNeighbours = 3
/** How many of ten other rules must be narrow for a wide one to be reported. */
const narrowOfTen = 9

interface Comparison {
  /** Rules with the same text are neighbours; undefined for a rule that has none. */
  readonly among: (one: Comparable) => string | undefined
  readonly isWide: (one: Comparable) => boolean
  readonly isNarrow: (one: Comparable) => boolean
  readonly sentence: (one: Comparable, neighbours: string) => string
}

const comparisons: readonly Comparison[] = [
  {
    among: ({ requester }) => (requester.kind === 'resource' ? requester.text : undefined),
    isWide: ({ target }) =>
      target.kind === 'management-group' || target.scope.segments.length === 2 || target.text.includes('*'),
    isNarrow: isOneResource,
    sentence: ({ rule }, neighbours) =>
      `target is ${rule.target}, while ${neighbours} for the same requester name single resources.`,
  },
  {
    among: (one) => (isOneResource(one) ? one.target.text : undefined),
    isWide: ({ requester }) => requester.kind !== 'resource',
    isNarrow: ({ requester }) => requester.kind === 'resource',
    sentence: (one, neighbours) =>
      `requester is ${describe(one)}, while ${neighbours} on the same target name single requesters.`,
  },
  {
    among: typeOf,
    isWide: ({ groups }) => groups.size === 0,
    isNarrow: ({ groups }) => groups.size > 0,
    sentence: (one, neighbours) =>
      `groupIds is left out, while ${neighbours} on targets of type ${typeOf(one) ?? ''} name groups.`,
  },
]

/** An `allow` that is clearly wider in one field than nearly all similar rules. */
export function widths(rules: readonly Comparable[]): (one: Comparable) => readonly Remark[] {
  const allows = rules.filter(({ rule }) => rule.effect === 'allow')
  const evaluates = comparisons.map((comparison) => evaluatorOf(comparison, allows))
  return (one) =>
    one.rule.effect === 'allow'
      ? evaluates.map((evaluate) => evaluate(one)).filter((remark) => remark !== undefined)
      : []
}

interface Neighbourhood {
  size: number
  narrow: number
  example: Comparable | undefined
}

function evaluatorOf(comparison: Comparison, allows: readonly Comparable[]) {
  const { among, isWide, isNarrow, sentence } = comparison
  const neighbourhoods = new Map<string, Neighbourhood>()
  for (const one of allows) {
    const key = among(one)
    if (key === undefined) continue
    const place = neighbourhoods.get(key) ?? { size: 0, narrow: 0, example: undefined }
    neighbourhoods.set(key, place)
    place.size++
    if (!isNarrow(one)) continue
    place.narrow++
    place.example ??= one
  }
  return (one: Comparable): Remark | undefined => {
    const { size, narrow, example } = neighbourhoods.get(among(one) ?? '') ?? {}
    if (size === undefined || narrow === undefined || example === undefined || !isWide(one)) return undefined
    if (narrow < minNeighbours || narrow * 10 < (size - 1) * narrowOfTen) return undefined
    const about = example.rule.id
    return {
      code: 'wider-than-neighbours',
      sentence: sentence(one, `${narrow} of the ${size - 1} other allow rules (such as ${about})`),
      about,
    }
  }
}

function isOneResource({ target }: Comparable): boolean {
  return target.kind === 'scope' && target.scope.type !== undefined && !target.text.includes('*')
}

/** The one type of target that the rule applies to. */
function typeOf({ target, types }: Comparable): string | undefined {
  const type = target.kind === 'scope' ? target.scope.type : undefined
  return type ?? (types.size === 1 ? [...types][0] : undefined)
}

function describe({ requester, rule }: Comparable): string {
  return rule.requester?.kind === 'scope' ? rule.requester.pattern : requester.text
}
