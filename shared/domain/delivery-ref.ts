/** True for a reference to a message of a case, not to a notification. */
export function isMessageRef(ref: string): boolean {
  return ref.includes(':message:')
}
