import { z } from 'zod'
import type { Mistake, Value } from '../rule/field.ts'

const maxName = 50
const maxAddresses = 50
const maxAddress = 254
const maxUrl = 1000

export const nameForm = /^[a-z][a-z0-9-]{0,49}$/
export const nameExpected = `1 to ${maxName} of a-z, 0-9 and hyphen, beginning with a letter`

const domain = String.raw`[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+`
const address = String.raw`[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_\x60{|}~-]+)*@${domain}`
export const domainForm = new RegExp(`^${domain}$`)

const secretsStay = 'secrets stay in settings: write the name of the setting that holds it'

/** What a secret, or the address of a webhook that is one, begins with or holds. */
const secrets: readonly Mistake[] = [
  { form: /:\/\//, advice: secretsStay },
  { form: /whsec_/i, advice: secretsStay },
  { form: /[?&]sig=/i, advice: secretsStay },
  { form: /AccountKey=|SharedAccessKey=|InstrumentationKey=/i, advice: secretsStay },
  {
    form: /^@Microsoft\.KeyVault\(/i,
    advice: 'such a reference is the value of a setting: write the name of that setting',
  },
]

/** The name of a setting of the app, which holds a secret. */
export const settingName = {
  kind: 'text',
  schema: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{1,79}$/)
    .exactOptional(),
  expected: 'the name of a setting: 2 to 80 of A-Z, 0-9 and underscore, beginning with a letter',
  mistakes: secrets,
  isNeverQuoted: true,
} as const satisfies Value

/** Addresses of mail. */
export const addresses = {
  kind: 'list',
  schema: z
    .array(
      z
        .string()
        .max(maxAddress)
        .regex(new RegExp(`^${address}$`)),
    )
    .min(1)
    .max(maxAddresses)
    .exactOptional(),
  expected: `a list of 1 to ${maxAddresses} mail addresses such as approvers@contoso.example`,
  expectedInColumn: `1 to ${maxAddresses} mail addresses such as approvers@contoso.example, separated by commas`,
} as const satisfies Value

/** Parts of URLs that are as good as a password. */
const secretUrls: readonly Mistake[] = [
  {
    form: /^[a-z]+:\/\/[^/?#]*@/i,
    advice: 'leave user name and password out: messages are signed with the secret that secretSetting names',
  },
  {
    form: /[?&](sig|code|key|token|secret|password|apikey|api[-_]key|access[-_]token)=/i,
    advice: 'secrets stay in settings: use an address without one, messages are signed instead',
  },
  {
    form: /^https?:\/\/([^/]+\.)?(logic\.azure\.com|api\.powerplatform\.com|webhook\.office\.com)[:/]/i,
    advice: 'secrets stay in settings: this address is one, so use a channel of kind teams with urlSetting',
  },
  {
    form: /^https?:\/\/hooks\.slack\.com\//i,
    advice:
      'secrets stay in settings: this address is one, so send to a receiver of your own that passes it on',
  },
]

/** The address of a webhook that is no secret itself. */
export const publicUrl = {
  kind: 'text',
  schema: z
    .string()
    .max(maxUrl)
    .regex(/^https:\/\/[^\s@\\]+$/)
    .refine((text) => URL.canParse(text) && !secretUrls.some(({ form }) => form.test(text)))
    .exactOptional(),
  expected: `an https URL of at most ${maxUrl} characters, without user name, password or key`,
  mistakes: secretUrls,
  isNeverQuoted: true,
} as const satisfies Value
