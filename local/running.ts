import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a running program leaves in its state folder, so that other commands find it. */
export interface Running {
  readonly pid: number
  /** Connection string of its storage, once that is up. */
  readonly storage?: string
  /** What its app has in its environment, once that runs; with it another program reaches the same storage and Azure. */
  readonly environment?: Readonly<Record<string, string>>
}

/**
 * Says that this process works on the folder, which has to exist. May be said again, with more.
 * @throws Error that names the process when another one works on it.
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

/** Takes this process's note back. */
export function forgetRunning(stateFolder: string): void {
  if (whoRuns(stateFolder)?.pid === process.pid) rmSync(fileIn(stateFolder), { force: true })
}

/** Who works on the folder; undefined when nobody does, or whoever did has died. */
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
    // Another user's process may not be signalled, but lives.
    return (error as { code?: string }).code === 'EPERM'
  }
}

function fileIn(stateFolder: string): string {
  return join(stateFolder, 'running.json')
}
