import { Refused } from './refusals.ts'

/** A call, as functions get it. Its URL names a host that the caller wrote: take the path and the query only. */
export interface Incoming {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
  readonly query: URLSearchParams
  /** With streaming, the query's names are in here, too: read by name only. */
  readonly params: Readonly<Record<string, string>>
  text(): Promise<string>
}

const maxFormLength = 64 * 1024

/** The path of a call. */
export function pathOf({ url }: Pick<Incoming, 'url'>): string {
  return new URL(url).pathname
}

/**
 * The fields of a form.
 * @throws Refused when it is longer than any form of the app.
 */
export async function formOf(incoming: Pick<Incoming, 'text'>): Promise<URLSearchParams> {
  const text = await incoming.text()
  if (text.length > maxFormLength) throw new Refused('form-too-large')
  return new URLSearchParams(text)
}
