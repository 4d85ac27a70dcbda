/** Makes the link of a message, which finds its request or its case on the page of the app. */
export interface ReviewLinksPort {
  linkTo(link: {
    /** `id`: of the decision that the message is about, or of the case. */
    readonly place: { readonly kind: 'request' | 'case'; readonly id: string }
    readonly messageId: string
    readonly channel: string
    /** A link lives 60 days at most. */
    readonly expiresAt: Date
  }): Promise<string>
}
