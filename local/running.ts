import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running stack leaves in its state folder, so that other commands find it. */
export interface Running {
  readonly pid: number
  /** Connection string of its storage. */
  readonly storage: string
}

/** Says that this process works on the folder. */
export function noteRunning(stateFolder: string, storage: string): void {
  const note: Running = { pid: process.pid, storage }
  writeFileSync(fileIn(stateFolder), JSON.stringify(note))
}

/** Takes the note back. */
export function forgetRunning(stateFolder: string): void {
  rmSync(fileIn(stateFolder), { force: true })
}

/** Who works on the folder; undefined when nobody does, or whoever did has died. */
export function whoRuns(stateFolder: string): Running | undefined {
  try {
    const note = JSON.parse(readFileSync(fileIn(stateFolder), 'utf8')) as Running
    process.kill(note.pid, 0)
    return note
  } catch {
    return undefined
  }
}

function fileIn(stateFolder: string): string {
  return join(stateFolder, 'running.json')
}
