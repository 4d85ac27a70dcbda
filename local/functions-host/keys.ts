import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartFailure, messageOf } from './failure.ts'

export interface HostKeys {
  /** Opens everything. */
  masterKey: string
  /** The default host key: opens functions with `authLevel: 'function'`. */
  functionKey: string
  /** The system key `eventgrid_extension`: opens the Event Grid webhook. */
  eventGridKey: string
}

/** The environment variables that override the file. */
export const keyVariables = {
  masterKey: 'HOST_MASTER_KEY',
  functionKey: 'HOST_FUNCTION_KEY',
  eventGridKey: 'HOST_EVENT_GRID_KEY',
} as const satisfies Record<keyof HostKeys, string>

const names = Object.keys(keyVariables) as (keyof HostKeys)[]

/**
 * The keys of the host: from the environment, else from the file, else random. A missing file is created with the keys
 * in use, readable by its owner only.
 * @throws StartFailure when the file is no JSON object or a key in it is no text
 */
export function readKeys(file: string | undefined, env: NodeJS.ProcessEnv): HostKeys {
  const stored = file !== undefined && existsSync(file) ? readStored(file) : {}
  const keys = Object.fromEntries(
    names.map((name) => [
      name,
      env[keyVariables[name]] || stored[name] || randomBytes(32).toString('base64url'),
    ]),
  ) as unknown as HostKeys
  if (file !== undefined && !existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, JSON.stringify(keys, null, 2) + '\n', { mode: 0o600 })
  }
  return keys
}

function readStored(file: string): Partial<HostKeys> {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new StartFailure(`The keys file ${file} cannot be read: ${messageOf(error)}.`)
  }
  const entries = Object.entries((parsed ?? {}) as Record<string, unknown>)
  for (const name of names) {
    const value = entries.find(([key]) => key === name)?.[1]
    if (value !== undefined && typeof value !== 'string') {
      throw new StartFailure(`The keys file ${file}: ${name} is ${JSON.stringify(value)}, expected a text.`)
    }
  }
  return Object.fromEntries(entries)
}
