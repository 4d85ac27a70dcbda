import type { ChannelDefinition } from '../domain/route.ts'

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

/** Reads a setting as its text is; undefined where there is none. */
export type ReadSetting = (name: string) => string | undefined

/** App Service leaves a reference as it is when it cannot be resolved: it must be sent nowhere as a secret. */
const unresolved = /^@Microsoft\.KeyVault\(/i

/** The value of a setting. Undefined for an empty one, and for a reference to Key Vault that was not resolved. */
export function valueOf(text: string | undefined): string | undefined {
  const value = text?.trim() ?? ''
  return value === '' || unresolved.test(value) ? undefined : value
}

/** A setting that a channel uses, and whether it has a value. */
export interface UsedSetting {
  readonly name: string
  readonly isSet: boolean
}

interface SettingNames {
  readonly needed: readonly string[]
  readonly optional: readonly ChannelSetting[]
}

/** The settings that a channel uses: those that it needs, and others that are set. Never a value. */
export function usedSettings(definition: ChannelDefinition, setting: ReadSetting): readonly UsedSetting[] {
  const isSet = (name: string) => valueOf(setting(name)) !== undefined
  const { needed, optional } = namesOf(definition, isSet)
  return [...needed, ...optional.filter(isSet)].map((name) => ({ name, isSet: isSet(name) }))
}

function namesOf(definition: ChannelDefinition, isSet: (name: string) => boolean): SettingNames {
  switch (definition.kind) {
    case 'teams':
      return { needed: [definition.urlSetting], optional: ['TEAMS_URL_HOSTS'] }
    case 'webhook':
      return { needed: [definition.secretSetting], optional: ['WEBHOOK_ALLOW_PRIVATE'] }
    case 'email': {
      const services = ['ACS_ENDPOINT', 'SMTP_HOST']
      const named = services.filter(isSet)
      return {
        needed: [...(named.length === 0 ? services : named), 'MAIL_FROM'],
        optional: ['ACS_DOMAIN', 'SMTP_PORT', 'SMTP_USER', 'SMTP_PASSWORD'],
      }
    }
  }
}
