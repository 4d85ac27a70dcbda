import type { DecisionJob, JobItem } from '../domain/decision-job.ts'

/** Reference to a job. A text that fits into a queue message. */
export type JobRef = string

/** A job that this caller works on now; others leave it alone for a while. */
export interface ClaimedJob {
  readonly ref: JobRef
  readonly job: DecisionJob
  /** Guards the next write. */
  readonly version: string
}

/** Some requests of a job, in order. */
export interface JobPart {
  readonly number: number
  readonly items: readonly JobItem[]
  /** Guards the next write. */
  readonly version: string
}

/** A job as pages show it, with some of the requests that were not recorded. */
export interface ShownJob {
  readonly job: DecisionJob
  readonly notRecorded: readonly JobItem[]
}

/** What people decided about cases, and how far that is. */
export interface DecisionJobsPort {
  /** Stores a job, all of it or nothing. Its caller has it; others leave it alone until its `dueAt`. */
  add(job: DecisionJob, items: readonly JobItem[]): Promise<ClaimedJob>
  /** Jobs that nobody works on, longest waiting first. */
  due(max: number): Promise<readonly JobRef[]>
  /** Undefined when it is settled, claimed, or missing. */
  claim(ref: JobRef): Promise<ClaimedJob | undefined>
  /** The parts of a job that have requests without a result, in order. */
  openParts(ref: JobRef): AsyncGenerator<JobPart>
  /** Records results of a part, and the job after it. Undefined when another one has taken the job; then nothing is written. */
  record(
    claimed: ClaimedJob,
    after: DecisionJob,
    part?: { readonly before: JobPart; readonly items: readonly JobItem[] },
  ): Promise<ClaimedJob | undefined>
  /** Leaves the rest of a claimed job to others, at once. */
  release(claimed: ClaimedJob): Promise<void>
  /** The newest jobs of a case, newest first. */
  ofCase(caseId: string, max: number, maxNotRecorded: number): Promise<readonly ShownJob[]>
}
