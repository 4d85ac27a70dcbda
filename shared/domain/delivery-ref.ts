/** True for a reference to a message of a case, not to a notification. */
export function isMessageRef(ref: string): boolean {
  return ref.includes(':message:')
}

/** True for a reference to what a person decided about a case. */
export function isJobRef(ref: string): boolean {
  return ref.startsWith('job-')
}
