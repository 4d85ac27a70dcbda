/** Settings of channels, besides those that a channel names itself. docs/channels.md says what each is for. */
export const channelSettings = [
  'ACS_DOMAIN',
  'ACS_ENDPOINT',
  'MAIL_FROM',
  'SMTP_HOST',
  'SMTP_PASSWORD',
  'SMTP_PORT',
  'SMTP_USER',
  'TEAMS_URL_HOSTS',
  'WEBHOOK_ALLOW_PRIVATE',
] as const

export type ChannelSetting = (typeof channelSettings)[number]
