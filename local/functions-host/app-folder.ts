import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { StartFailure, messageOf } from './failure.ts'
import { readHostJson } from './host-json.ts'
import type { HostSettings } from './host-json.ts'

export interface AppFolder {
  path: string
  /** Absolute paths of the files in `main` of package.json, in alphabetical order. */
  entryFiles: string[]
  /** package.json says `"type": "module"`. */
  modulePackage: boolean
  settings: HostSettings
  /** `Values` of local.settings.json; the environment overrides them. */
  localValues: Record<string, string>
}

/**
 * Reads the folder of a function app: package.json, host.json, local.settings.json.
 * @throws StartFailure naming the file and what is missing
 */
export function readAppFolder(folder: string): AppFolder {
  const path = resolve(folder)
  const packageJson = readJson(join(path, 'package.json'), true)
  const main = packageJson['main']
  if (typeof main !== 'string' || main === '') {
    throw new StartFailure(
      `${join(path, 'package.json')} has no "main": it must name the file(s) that register the functions.`,
    )
  }
  const entryFiles = globSync(main, { cwd: path })
    .sort()
    .map((file) => join(path, file))
  if (entryFiles.length === 0) {
    throw new StartFailure(
      `"main" of ${join(path, 'package.json')} is "${main}", and no file fits it. Is the app built?`,
    )
  }
  const values = readJson(join(path, 'local.settings.json'), false)['Values']
  return {
    path,
    entryFiles,
    modulePackage: packageJson['type'] === 'module',
    settings: readHostJson(readJson(join(path, 'host.json'), true)),
    localValues: Object.fromEntries(
      Object.entries((values ?? {}) as Record<string, unknown>).map(([name, value]) => [name, String(value)]),
    ),
  }
}

function readJson(file: string, required: boolean): Record<string, unknown> {
  if (!existsSync(file)) {
    if (required) throw new StartFailure(`${file} is missing: the folder of a function app has one.`)
    return {}
  }
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof parsed === 'object' && parsed !== null) return parsed as Record<string, unknown>
    throw new Error('it holds no object')
  } catch (error) {
    throw new StartFailure(`${file} cannot be read: ${messageOf(error)}.`)
  }
}
