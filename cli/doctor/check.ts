import type { Run } from '../command/run.ts'
import type { CheckId } from './checks.ts'

/** `skipped`: not looked at, because something before it failed or nobody asked. */
export type Level = 'pass' | 'warn' | 'fail' | 'skipped'

/** What one check found of one thing. */
export interface Outcome {
  readonly level: Level
  /** What it is about where a check looks at several: a subscription, a table. */
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
  /** Look at these subscriptions only. */
  readonly subscription?: readonly string[]
}

/** What checks work with. Each part is read at its first use; one that cannot be read fails who asked for it. */
export interface Patient {
  readonly run: Run<DoctorOptions>
  readonly subscriptions: () => Promise<readonly Subscription[]>
  readonly whoAmI: () => Promise<Identity>
}

export interface Subscription {
  readonly id: string
  readonly name: string
}

/** Who asks Azure, by the token that it is given. */
export interface Identity {
  readonly objectId: string | undefined
  readonly clientId: string | undefined
  readonly tenantId: string | undefined
}

/** Looks at one thing; what it throws, and what takes longer than ten seconds, is a failure of this check alone. */
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
