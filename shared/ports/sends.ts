import type { Sends } from '../domain/sends.ts'

/** Counters of messages, over all instances of the app. */
export interface SendsPort {
  /** A short text in place of a long one, for `Send`. */
  short(text: string): string
  /**
   * Reads what was sent to a recipient or through a channel, lets `decide` compute what it is afterwards, and writes it
   * if it has changed. Repeats both after a conflicting write.
   * @param name of the recipient or the channel.
   */
  change<T extends { readonly sends: Sends }>(name: string, decide: (before: Sends) => T): Promise<T>
}
