/** Hosts of Workflows webhooks. A host below one of them is meant. */
export const workflowHosts: readonly string[] = [
  'logic.azure.com',
  'api.powerplatform.com',
  'api.powerautomate.com',
  'flow.microsoft.com',
]

const connectorHosts = ['webhook.office.com', 'outlook.office.com', 'outlook.office365.com']
const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Reads the URL of a Workflows webhook.
 * @param furtherHosts hosts that are allowed as well, of `TEAMS_URL_HOSTS`.
 * @returns the URL, or why it cannot be used. The reason never shows the URL: whoever has it can post.
 */
export function readWorkflowUrl(text: string, furtherHosts: readonly string[]): URL | string {
  if (!URL.canParse(text)) return 'is not a URL: copy it again from the workflow'
  const url = new URL(text)
  if (isBelow(url.hostname, connectorHosts))
    return 'is the URL of an Office 365 connector, which Microsoft has switched off: make a workflow "When a Teams webhook request is received" in the Workflows app, and use its URL'
  const isLocal = loopback.includes(url.hostname) && furtherHosts.includes(url.hostname)
  if (url.protocol !== 'https:' && !isLocal)
    return 'does not begin with https://: copy it again from the workflow'
  if (url.username !== '' || url.password !== '') return 'holds a user name: copy it again from the workflow'
  if (!isBelow(url.hostname, [...workflowHosts, ...furtherHosts]))
    return `has another host than those of Workflows (${workflowHosts.join(', ')}): copy it again from the workflow, or name the host in TEAMS_URL_HOSTS`
  return url
}

function isBelow(host: string, suffixes: readonly string[]): boolean {
  return suffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
}
