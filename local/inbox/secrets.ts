import { createHmac, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writeSecret } from '../azure/certificate.ts'

/** What senders must know: they survive restarts, as settings that name them do. */
export interface Secrets {
  /** Signs the URLs of channels in Teams. */
  readonly teams: string
  /** For signed webhooks, as `standardwebhooks` expects it: `whsec_…`. */
  readonly webhook: string
}

/** Reads the secrets from the folder, or creates them. */
export async function openSecrets(folder: string): Promise<Secrets> {
  const file = path.join(folder, 'inbox-secrets.json')
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Secrets
  } catch {
    const made: Secrets = {
      teams: randomBytes(32).toString('base64'),
      webhook: `whsec_${randomBytes(32).toString('base64')}`,
    }
    await writeSecret(file, JSON.stringify(made))
    return made
  }
}

/** The `sig` of a channel's URL. Whoever has it may post to the channel. */
export function signatureOf(secrets: Secrets, channel: string): string {
  return createHmac('sha256', secrets.teams).update(channel.toLowerCase()).digest('base64url')
}
