/** How a write of a connection continues after its first response. */
export interface WriteStyle {
  /**
   * `sync`: done in the first response. `shown`: the new status is visible at once, provisioning continues. `late`: the
   * status changes at the end.
   */
  readonly style: 'sync' | 'shown' | 'late'
  readonly status: 200 | 201 | 202
  readonly links: readonly Link[]
  /** `Retry-After` is sent even without a link to poll. */
  readonly retryAfter: boolean
  /** What `provisioningState` shows meanwhile. */
  readonly busyApproving: string
  readonly busyRejecting: string
  /** What the status shows meanwhile, if it is not the former one. */
  readonly statusMeanwhile?: { readonly Approved: string; readonly Rejected: string }
}

/** A header by which a client polls an operation. */
export type Link = 'Azure-AsyncOperation' | 'Location'

/** Done in the first response. */
export const atOnce: WriteStyle = {
  style: 'sync',
  status: 200,
  links: [],
  retryAfter: false,
  busyApproving: 'Succeeded',
  busyRejecting: 'Succeeded',
}

export const bothLinks: readonly Link[] = ['Azure-AsyncOperation', 'Location']

/** The new status is visible at once, provisioning continues in the state `busy`. */
export function shownAtOnce(status: 200 | 201 | 202, links: readonly Link[], busy: string): WriteStyle {
  return { ...atOnce, style: 'shown', status, links, busyApproving: busy, busyRejecting: busy }
}

/** 202; the status changes at the end of the operation. */
export function shownAtTheEnd(links: readonly Link[], busy: string, busyRejecting = busy): WriteStyle {
  return { ...atOnce, style: 'late', status: 202, links, busyApproving: busy, busyRejecting }
}

/** As users recorded of App Service: the status shows what is under way, the provisioning state stays as it was. */
export const shownAsStatus: WriteStyle = {
  ...shownAtTheEnd(bothLinks, 'Pending'),
  statusMeanwhile: { Approved: 'Approving', Rejected: 'Rejecting' },
}
