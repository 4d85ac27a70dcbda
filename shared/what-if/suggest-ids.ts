import { foldCase } from '../domain/fold-case.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'

const maxIdLength = 100

/** What the id of a proposed rule is made from. */
export interface Named {
  readonly requesterName: string
  readonly requesterKey: string
  readonly target: ResourceId
}

/**
 * Readable ids, `adf-sales-to-stlake`, in the order of what they are made from. Where two would be alike, or like one
 * that is taken, all of them get their resource groups, then their subscriptions, too; so an id does not depend on
 * the order of things. A number behind it is the last resort.
 */
export function distinctIds(named: readonly Named[], taken: readonly string[]): readonly string[] {
  const used = new Set(taken.map(foldCase))
  const forms = [short, withGroupIds, withSubscriptions]
  const ids = forms.map((form) => named.map((one) => cut(form(one))))
  const counts = ids.map((row) => countOf(row))
  return named.map((_, index) => {
    const fits = ids
      .map((row) => row[index] ?? '')
      .find((id, form) => counts[form]?.get(foldCase(id)) === 1 && !used.has(foldCase(id)))
    const id = fits ?? numbered(ids.at(-1)?.[index] ?? '', used)
    used.add(foldCase(id))
    return id
  })
}

function short({ requesterName, target }: Named): string {
  return `${plain(requesterName)}-to-${plain(target.name)}`
}

function withGroupIds({ requesterName, requesterKey, target }: Named): string {
  const group = parseResourceId(requesterKey)?.resourceGroup
  const requester = group ? `${plain(requesterName)}.${plain(group)}` : plain(requesterName)
  return `${requester}-to-${plain(target.name)}.${plain(target.resourceGroup)}`
}

function withSubscriptions(one: Named): string {
  const requester = /^\/subscriptions\/([0-9a-f]{8})/.exec(one.requesterKey)?.[1] ?? 'outside'
  return `${withGroupIds(one)}.${requester}.${one.target.subscriptionId.slice(0, 8)}`
}

function numbered(id: string, used: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const tried = `${id.slice(0, maxIdLength - 6)}.${number}`
    if (!used.has(foldCase(tried))) return tried
  }
}

/** Of letters, ids of rules contain only ASCII ones. */
function plain(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-')
}

function cut(id: string): string {
  return id.slice(0, maxIdLength)
}

function countOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids.map(foldCase)) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
