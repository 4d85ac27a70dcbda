import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running program writes into its state folder, so that other commands find it. */
export interface Running {
  readonly pid: number
  /** Connection string of its storage, once that runs. */
  readonly storage?: string
  /** The environment of its app, once that runs; another program that uses it reaches the same storage and Azure. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Notes that this process works on the folder, which must exist. A later call may add to the note.
 * @throws Error that names the process when another one works on the folder.
 */
export function noteRunning(
  stateFolder: string,
  storage?: string,
  environment?: Readonly<Record<string, string>>,
): void {
  const running = whoRuns(stateFolder)
  if (running && running.pid !== process.pid) {
    throw new Error(
      `${stateFolder} is in use by process ${running.pid}: stop that first, or choose another folder with --state` +
        ` (if it is some other program, delete ${fileIn(stateFolder)}).`,
    )
  }
  const note: Running = {
    pid: process.pid,
    ...(storage === undefined ? {} : { storage }),
    ...(environment === undefined ? {} : { environment }),
  }
  writeFileSync(fileIn(stateFolder), JSON.stringify(note))
}

/** Removes this process's note. */
export function forgetRunning(stateFolder: string): void {
  if (whoRuns(stateFolder)?.pid === process.pid) rmSync(fileIn(stateFolder), { force: true })
}

/** The process that works on the folder; undefined when there is none, or it has died. */
export function whoRuns(stateFolder: string): Running | undefined {
  try {
    const note = JSON.parse(readFileSync(fileIn(stateFolder), 'utf8')) as Running
    return isAlive(note.pid) ? note : undefined
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of another user must not be signalled, but is alive.
    return (error as { code?: string }).code === 'EPERM'
  }
}

function fileIn(stateFolder: string): string {
  return join(stateFolder, 'running.json')
}
