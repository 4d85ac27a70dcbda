/** The people who made what asks, by their object ids in lower case; or why nobody knows them, in one sentence. */
export type Askers =
  | { readonly kind: 'known'; readonly people: readonly string[] }
  | { readonly kind: 'unknown'; readonly why: string }
