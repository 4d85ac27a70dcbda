/** What pages show beside what is stored. */
export interface PageSettings {
  /** The tenant whose people sign in; undefined while sign-in is not set up. */
  readonly ownTenantId: string | undefined
  /** The origin at which people reach the app. */
  readonly publicOrigin: string
  /** Address of the Azure portal, without a slash at its end. */
  readonly portal: string
  /** The time zone in which times are shown beside UTC. */
  readonly timeZone: string | undefined
}
