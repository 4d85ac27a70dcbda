import type { Inbox } from './inbox/start.ts'

/** Names of the channels that the tour defines; each leads to the inbox. */
export const localChannels = {
  mail: 'approvers-mail',
  teams: 'approvers-teams',
  webhook: 'approvers-webhook',
}
export const localApprovers = 'approvers@contoso.example'

/** Settings by which the channels of the tour reach the inbox. Messages wait a few seconds for others, not a minute. */
export function channelSettings(inbox: Inbox): Record<string, string> {
  const smtp = new URL(inbox.smtp)
  return {
    MAIL_FROM: 'approver@contoso.example',
    SMTP_HOST: smtp.hostname,
    SMTP_PORT: smtp.port,
    TEAMS_URL_HOSTS: 'localhost',
    APPROVERS_TEAMS_URL: inbox.teamsUrl(localChannels.teams),
    APPROVERS_WEBHOOK_SECRET: inbox.webhookSecret,
    WEBHOOK_ALLOW_PRIVATE: 'true',
    NOTIFICATION_WINDOW_SECONDS: '5',
    NOTIFICATIONS_PER_RECIPIENT_AND_HOUR: '100',
  }
}

/** A row of a channel or route. */
interface RoutingRow extends Record<string, string> {
  readonly partitionKey: string
  readonly rowKey: string
}

/** Rows of the allow-list that send every message to each of these channels. */
export function routingRows(inbox: Inbox): readonly RoutingRow[] {
  const row = (rowKey: string, columns: Record<string, string>): RoutingRow => ({
    partitionKey: 'rule',
    rowKey,
    ...columns,
  })
  const { mail, teams, webhook } = localChannels
  return [
    row(`~channel:${mail}`, { kind: 'email', to: localApprovers }),
    row(`~channel:${teams}`, { kind: 'teams', urlSetting: 'APPROVERS_TEAMS_URL' }),
    row(`~channel:${webhook}`, {
      kind: 'webhook',
      url: inbox.webhookUrl(webhook),
      secretSetting: 'APPROVERS_WEBHOOK_SECRET',
    }),
    row('~route:everything', { default: 'true', channels: [mail, teams, webhook].join(', ') }),
  ]
}
