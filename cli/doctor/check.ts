import type { Run } from '../command/run.ts'
import type { CheckId } from './checks.ts'

/** `skipped`: not run, because an earlier check failed or it was not requested. */
export type Level = 'pass' | 'warn' | 'fail' | 'skipped'

/** What one check found of one thing. */
export interface Outcome {
  readonly level: Level
  /** The item, where a check covers several: a subscription, a table. */
  readonly subject?: string | undefined
  /** What was seen, as a sentence. Text of others in it is printable. */
  readonly found: string
  /** How to fix it: a command to copy, or a sentence. */
  readonly fix?: string | undefined
}

export interface CheckResult extends Outcome {
  readonly check: CheckId
}

export interface DoctorOptions {
  readonly storage?: string
  readonly account?: string
  readonly settings?: string
  /** Address of the function app. */
  readonly app?: string
  /** Check these subscriptions only. */
  readonly subscription?: readonly string[]
}

/** What checks work with. Each part is read at its first use; a read that fails fails the check that needed it. */
export interface Patient {
  readonly run: Run<DoctorOptions>
  readonly subscriptions: () => Promise<readonly Subscription[]>
  readonly whoAmI: () => Promise<Identity>
}

export interface Subscription {
  readonly id: string
  readonly name: string
}

/** The identity that calls Azure, by its token. */
export interface Identity {
  readonly objectId: string | undefined
  readonly clientId: string | undefined
  readonly tenantId: string | undefined
}

/** Runs one check. An exception, or more than ten seconds, fails this check only. */
export type CheckRun = (patient: Patient, signal: AbortSignal) => Promise<Outcome | readonly Outcome[]>

export function pass(found: string, subject?: string): Outcome {
  return { level: 'pass', found, subject }
}

export function warn(found: string, fix?: string, subject?: string): Outcome {
  return { level: 'warn', found, fix, subject }
}

export function fail(found: string, fix?: string, subject?: string): Outcome {
  return { level: 'fail', found, fix, subject }
}

export function skipped(found: string, fix?: string): Outcome {
  return { level: 'skipped', found, fix }
}
