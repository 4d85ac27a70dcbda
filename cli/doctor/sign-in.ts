import { valueOf } from '../../shared/channels/channel-settings.ts'
import { routes } from '../../shared/http/routes.ts'
import type { SignInSettings } from '../../shared/config/sign-in-settings.ts'
import { visible } from '../../shared/domain/printable.ts'
import { issuerOf, providerSource } from '../../shared/sign-in/tenant/provider.ts'
import { areOfTheApp, giveAppSettings } from './app-settings.ts'
import { type CheckRun, fail, pass, type Patient, skipped, warn } from './check.ts'

/** How many settings have no default. */
const neededSettings = 3
const page = 'docs/sign-in.md has the steps.'

/** Whether people can sign in, and how the app proves itself to their tenant. */
export const checkSignIn: CheckRun = async (patient) => {
  const { signIn } = await patient.run.connected.azureSettings()
  if (signIn.kind === 'missing') {
    const found = `Not set: ${signIn.names.join(', ')}. The pages of the app respond 503, and messages have no link.`
    if (!areOfTheApp(patient)) return warn(found, giveAppSettings)
    return signIn.names.length === neededSettings ? warn(found, page) : fail(found, page)
  }
  const who = `People of the tenant ${signIn.tenantId} sign in to the application ${signIn.clientId}.`
  const { clientSecret } = signIn
  if (clientSecret === undefined)
    return pass(`${who} It proves itself by a token of the managed identity, without a secret.`)
  return valueOf(clientSecret) === undefined
    ? fail(
        'SIGN_IN_CLIENT_SECRET is a reference to Key Vault that was not resolved: nobody can sign in.',
        'Let the identity of the app read the secret (role Key Vault Secrets User), or remove SIGN_IN_CLIENT_SECRET and add a federated credential (docs/sign-in.md, step 2).',
      )
    : warn(
        `${who} It proves itself by the secret in SIGN_IN_CLIENT_SECRET, which expires and can leak.`,
        'Add a federated credential for the managed identity (docs/sign-in.md, step 2), and remove SIGN_IN_CLIENT_SECRET.',
      )
}

/** Whether people reach the app over https, and where the tenant leads them back to. */
export const checkSignInAddress: CheckRun = async (patient) => {
  const signIn = await completeSettings(patient)
  if (!signIn) return skipped('Sign-in is not set up.')
  const { publicOrigin, clientId } = signIn
  const redirectUri = `${publicOrigin}/${routes.signInCallback.route}`
  const found = `People reach the app at ${visible(publicOrigin)}. The app registration must have the redirect URI ${visible(redirectUri)}, which is not read here: az ad app show --id ${clientId} --query web.redirectUris`
  return publicOrigin.startsWith('https:')
    ? pass(found)
    : warn(
        `${found}. Over http only a browser on this machine reaches it.`,
        'Set PUBLIC_ORIGIN to the https address of the app.',
      )
}

/** Whether the tenant responds, and is the one that the settings name. */
export const checkSignInTenant: CheckRun = async (patient) => {
  const signIn = await completeSettings(patient)
  if (!signIn) return skipped('Sign-in is not set up.')
  const issuer = issuerOf(signIn)
  try {
    const { metadata } = await providerSource(signIn, patient.run.now)()
    return pass(`The tenant responds, and is the issuer ${visible(metadata.issuer)}.`)
  } catch (error) {
    const { cause } = error as Error
    const why = cause instanceof Error ? cause.message : String(error)
    return fail(
      `The metadata of ${visible(issuer)} cannot be used: ${visible(why)}`,
      'Check SIGN_IN_TENANT_ID, AZURE_CLOUD and SIGN_IN_AUTHORITY, and the network between here and there.',
    )
  }
}

async function completeSettings({ run }: Patient): Promise<SignInSettings | undefined> {
  const { signIn } = await run.connected.azureSettings()
  return signIn.kind === 'complete' ? signIn : undefined
}
