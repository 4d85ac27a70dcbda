/** How requests are gathered into messages. */
export interface CaseSettings {
  /** How long a message waits for others of its group. */
  readonly windowMs: number
  /** The most messages for one recipient in an hour, one digest among them. At least 2. */
  readonly perRecipientAndHour: number
  /** Whether a listed domain of addresses from tags includes the domains under it. */
  readonly withSubdomains: boolean
  /** Address of the Azure portal, without a slash at its end. */
  readonly portal: string
  /** The time zone in which times are shown beside UTC; undefined: UTC only. */
  readonly timeZone: string | undefined
  /** The tenant whose people sign in; undefined while sign-in is not set up. */
  readonly ownTenantId: string | undefined
}

export const hourMs = 3_600_000
