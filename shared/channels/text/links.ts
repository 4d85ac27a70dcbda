/** A link as it is sent: an address of the web, without user; undefined for anything else, which is not sent. */
export function webLink(link: string | undefined): string | undefined {
  if (link === undefined || !URL.canParse(link)) return undefined
  const url = new URL(link)
  if (!['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '')
    return undefined
  // A fragment may hold them as they are, and templates would read them.
  return url.href.replaceAll('{', '%7B').replaceAll('}', '%7D')
}
