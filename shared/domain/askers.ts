/**
 * The people who asked for a connection.
 * - `known`: each person whom Azure's Activity Log shows as one who wrote what asks, by object id in lower case, sorted.
 *   Never empty. A person whom the log does not show, or no longer, may have asked as well.
 * - `unknown`: the log shows no person, or cannot be read. `why` is one sentence for display.
 */
export type Askers =
  | { readonly kind: 'known'; readonly people: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string }
