import { addressForm } from './mail-sender.ts'

/** Reads a setting; undefined where it is not set. */
export type ReadMailSetting = (
  name:
    'ACS_DOMAIN' | 'ACS_ENDPOINT' | 'MAIL_FROM' | 'SMTP_HOST' | 'SMTP_PASSWORD' | 'SMTP_PORT' | 'SMTP_USER',
) => string | undefined

/** The service that sends mail, as the settings name it. */
export type MailService =
  | {
      readonly kind: 'acs'
      readonly endpoint: string
      readonly from: string
      readonly domain: 'azure-managed' | 'own'
    }
  | {
      readonly kind: 'smtp'
      readonly host: string
      readonly port: number
      readonly login: { readonly user: string; readonly password: string } | undefined
      readonly from: string
    }

const startTlsPort = 587

/** Reads the settings of mail: the service, or which setting is wrong and what to do. */
export function readMailService(read: ReadMailSetting): MailService | string {
  const endpoint = read('ACS_ENDPOINT')
  const host = read('SMTP_HOST')
  const from = read('MAIL_FROM')
  if (endpoint !== undefined && host !== undefined)
    return 'ACS_ENDPOINT and SMTP_HOST are both set, and only one can send: remove one of them'
  if (endpoint === undefined && host === undefined)
    return 'neither ACS_ENDPOINT nor SMTP_HOST is set: set the one that sends your mail'
  if (from === undefined)
    return 'MAIL_FROM is not set: set it to the address that sends, such as approver@contoso.com'
  if (!addressForm.test(from))
    return 'MAIL_FROM is not a mail address, such as approver@contoso.com: correct it'
  return endpoint === undefined ? readSmtp(read, host ?? '', from) : readAcs(read, endpoint, from)
}

function readAcs(read: ReadMailSetting, endpoint: string, from: string): MailService | string {
  const domain = read('ACS_DOMAIN') ?? (from.endsWith('.azurecomm.net') ? 'azure-managed' : 'own')
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url?.protocol !== 'https:' || url.pathname !== '/' || url.username !== '' || url.search !== '')
    return 'ACS_ENDPOINT is not an https address without path, such as https://contoso.communication.azure.com: correct it'
  if (domain !== 'azure-managed' && domain !== 'own')
    return 'ACS_DOMAIN is neither azure-managed nor own: correct it, or remove it'
  return { kind: 'acs', endpoint: url.origin, from, domain }
}

function readSmtp(read: ReadMailSetting, host: string, from: string): MailService | string {
  const portText = read('SMTP_PORT') ?? String(startTlsPort)
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0
  const user = read('SMTP_USER')
  const password = read('SMTP_PASSWORD')
  if (!/^[A-Za-z0-9.:-]{1,253}$/.test(host)) return 'SMTP_HOST is not a host name: correct it'
  if (port < 1 || port > 65_535)
    return 'SMTP_PORT is not a number from 1 to 65535: correct it, or remove it for 587'
  if ((user === undefined) !== (password === undefined))
    return 'of SMTP_USER and SMTP_PASSWORD only one is set: set both, or none for a server without sign-in'
  const login = user === undefined || password === undefined ? undefined : { user, password }
  return { kind: 'smtp', host, port, login, from }
}
