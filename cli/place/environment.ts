import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { CommandFailed } from '../terminal/io.ts'
import type { PlaceOptions } from './options.ts'

export type Environment = Record<string, string | undefined>

/** Read, but never opened, where a command needs no storage. */
const noStorage = 'UseDevelopmentStorage=true'
const identityOnly = [
  'AzureWebJobsStorage',
  'AzureWebJobsStorage__tableServiceUri',
  'AzureWebJobsStorage__queueServiceUri',
]
const storageNames = [...identityOnly, 'AzureWebJobsStorage__accountName']

/**
 * The environment with the options of the call: `--storage` and `--account` override the settings file, which overrides
 * the environment. The file's values are also put into `env` itself, where the Azure SDK reads them.
 * @throws CommandFailed (2) when the file cannot be used.
 */
export function environmentWith({ storage, account, settings }: PlaceOptions, env: Environment): Environment {
  if (settings !== undefined) {
    const values = readSettingsFile(settings)
    trust(values['NODE_EXTRA_CA_CERTS'], env, settings)
    Object.assign(env, values)
  }
  if (storage !== undefined) return { ...env, AzureWebJobsStorage: storage }
  if (account !== undefined) {
    if (!/^[a-z0-9]{3,24}$/.test(account)) {
      throw new CommandFailed(
        `--account is "${account}"; expected: the name of a storage account, 3 to 24 small letters and digits.`,
        2,
      )
    }
    const others = Object.fromEntries(identityOnly.map((name) => [name, undefined]))
    return { ...env, ...others, AzureWebJobsStorage__accountName: account }
  }
  return env
}

/** For a command that needs storage. @throws CommandFailed (2) when it is not configured. */
export function withStorage(environment: Environment): Environment {
  if (statesStorage(environment)) return environment
  throw new CommandFailed(
    'Nothing says where the tables are: give --account NAME, --storage CONNECTION or --settings FILE, or set AzureWebJobsStorage.',
    2,
  )
}

/** For a command that needs no storage: settings are read although none is configured. */
export function withoutStorage(environment: Environment): Environment {
  return statesStorage(environment) ? environment : { ...environment, AzureWebJobsStorage: noStorage }
}

function statesStorage(environment: Environment): boolean {
  return storageNames.some((name) => environment[name])
}

/** The Values of a local.settings.json. */
function readSettingsFile(file: string): Readonly<Record<string, string>> {
  const fail = (problem: string): never => {
    throw new CommandFailed(
      `--settings ${file} ${problem}; expected: a local.settings.json with "Values" in it.`,
      2,
    )
  }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return fail(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
  let parsed: { IsEncrypted?: unknown; Values?: unknown } | null
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, '')) as typeof parsed
  } catch {
    return fail('is not JSON')
  }
  if (parsed?.IsEncrypted === true) fail('is encrypted (func settings decrypt makes it readable)')
  const values = parsed?.Values
  if (typeof values !== 'object' || values === null) return fail('has no object "Values"')
  const odd = Object.entries(values).find(([, value]) => typeof value !== 'string')
  if (odd) return fail(`has a value of ${odd[0]} that is no text`)
  return values as Record<string, string>
}

/**
 * Node reads NODE_EXTRA_CA_CERTS at its start only, too early for a settings file; newer versions can add certificates
 * later.
 */
function trust(certificates: string | undefined, env: Environment, file: string): void {
  if (!certificates || certificates === env['NODE_EXTRA_CA_CERTS']) return
  if (!('setDefaultCACertificates' in tls)) {
    throw new CommandFailed(
      `--settings ${file} says NODE_EXTRA_CA_CERTS, which Node ${process.versions.node} takes from the environment only; set it there, too.`,
      2,
    )
  }
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(certificates, 'utf8')])
  } catch (error) {
    throw new CommandFailed(
      `NODE_EXTRA_CA_CERTS of ${file} names ${certificates}, which cannot be used (${(error as Error).message}).`,
      2,
    )
  }
}
