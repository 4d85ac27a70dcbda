import { Webhook } from 'standardwebhooks'
import { privateLiteral } from '../http/public-address.ts'

const secretForm = /^whsec_[A-Za-z0-9+/]+={0,2}$/
const minSecretBytes = 24
const maxSecretBytes = 64

/** Reads the address of a webhook: the URL, or why it cannot be used. */
export function readWebhookUrl(text: string, allowPrivate: boolean): URL | string {
  if (!URL.canParse(text)) return 'is not a URL: correct it in the rule file'
  const url = new URL(text)
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    return 'does not begin with https://: correct it in the rule file'
  if (url.username !== '' || url.password !== '')
    return 'holds a user name or a password: remove it; messages are signed instead'
  if (!allowPrivate && privateLiteral(url) !== undefined)
    return 'is not a public address: use a host of the internet, or set WEBHOOK_ALLOW_PRIVATE to true if the receiver is your own'
  return url
}

/** Reads secrets separated by spaces: signers, or why they cannot be used, without showing them. */
export function readWebhookSecrets(text: string): readonly Webhook[] | string {
  const secrets = text.split(' ').filter((secret) => secret !== '')
  const isUsable = (secret: string) => {
    const bytes = Buffer.from(secret.replace(/^whsec_/, ''), 'base64').length
    return secretForm.test(secret) && bytes >= minSecretBytes && bytes <= maxSecretBytes
  }
  if (secrets.length === 0 || !secrets.every(isUsable))
    return `must hold whsec_ and ${minSecretBytes} to ${maxSecretBytes} random bytes in base64: make one with "openssl rand -base64 32"`
  return secrets.map((secret) => new Webhook(secret))
}
