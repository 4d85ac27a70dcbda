import { odata } from '@azure/data-tables'
import type { DecisionJob, JobItem } from '../domain/decision-job.ts'
import type { ClaimedJob, DecisionJobsPort, JobPart, JobRef, ShownJob } from '../ports/decision-jobs.ts'
import { type Step, type StoredRow, textColumn } from '../storage/guarded-table.ts'
import { jobItemsOf, jobOf, jobPartRow, jobRow } from './decision-job-rows.ts'
import { dueRefs, dueRow, isDueAt, removeDue } from './due-index.ts'
import type { LedgerTable } from './indexes.ts'
import { jobPartition, jobPartRowKey, jobRowKey, placeOfJob, refOf } from './keys.ts'
import { placeOf } from './read-row.ts'
import { unlessChanged } from './unless-changed.ts'
import { orReported, type ReportUnreadable } from './unreadable-row.ts'

/** Requests in one row: together with their results they fit into a column. */
const itemsOfPart = 50
/** How long a claim lasts; each part prolongs it. */
const claimMs = 60_000

/**
 * Decisions on cases, one partition for each case. The row of a job and the rows of its requests change in one
 * transaction; the row of the job guards all.
 */
export class DecisionJobs implements DecisionJobsPort {
  readonly #table: LedgerTable
  readonly #index: LedgerTable
  readonly #report: ReportUnreadable
  readonly #random: () => string
  readonly #now: () => Date

  /** @param random eight hexadecimal digits. */
  constructor(
    table: LedgerTable,
    index: LedgerTable,
    { report, random, now }: { report: ReportUnreadable; random: () => string; now: () => Date },
  ) {
    this.#table = table
    this.#index = index
    this.#report = report
    this.#random = random
    this.#now = now
  }

  async add(job: DecisionJob, items: readonly JobItem[]): Promise<ClaimedJob> {
    const place = {
      partitionKey: jobPartition(job.caseId),
      rowKey: jobRowKey(new Date(job.at), this.#random()),
    }
    const ref = refOf(place)
    const claimed = { ...job, dueAt: this.#after(claimMs) }
    const parts = Array.from({ length: Math.ceil(items.length / itemsOfPart) }, (_, number) =>
      jobPartRow(place, number, items.slice(number * itemsOfPart, (number + 1) * itemsOfPart)),
    )
    await this.#index.putDerived(dueRow(ref, claimed.dueAt))
    const rows = [jobRow(place, claimed), ...parts]
    const [version = ''] = await this.#table.transaction(
      rows.map((row) => ({ kind: 'insert', row }) satisfies Step),
    )
    return { ref, job: claimed, version }
  }

  due(max: number): Promise<readonly JobRef[]> {
    const statusOf = async (ref: JobRef) => {
      const row = await this.#jobRow(ref)
      if (!row) return undefined
      const { settledAt, dueAt } = jobOf(this.#table.name, row)
      if (settledAt !== undefined) return 'over'
      return isDueAt(dueAt, this.#now()) ? 'due' : 'later'
    }
    const now = this.#now()
    return dueRefs({ index: this.#index, partition: 'due-jobs', now, report: this.#report, statusOf }, max)
  }

  async claim(ref: JobRef): Promise<ClaimedJob | undefined> {
    const row = await this.#jobRow(ref)
    const job = row && jobOf(this.#table.name, row)
    if (!job || job.settledAt !== undefined || !isDueAt(job.dueAt, this.#now())) return undefined
    return this.record({ ref, job, version: row.etag }, job)
  }

  async release(claimed: ClaimedJob): Promise<void> {
    await this.#write(claimed, { ...claimed.job, dueAt: this.#after(0) })
  }

  async *openParts(ref: JobRef): AsyncGenerator<JobPart> {
    for await (const part of this.#parts(ref))
      if (part.items.some(({ result }) => result === undefined)) yield part
  }

  record(
    claimed: ClaimedJob,
    job: DecisionJob,
    part?: { readonly before: JobPart; readonly items: readonly JobItem[] },
  ): Promise<ClaimedJob | undefined> {
    const dueAt = job.settledAt === undefined ? this.#after(claimMs) : job.dueAt
    return this.#write(claimed, { ...job, dueAt }, part)
  }

  /** Undefined when the row of the job, or of the part, is not as it was read. */
  async #write(
    { ref, job: before, version }: ClaimedJob,
    after: DecisionJob,
    part?: { readonly before: JobPart; readonly items: readonly JobItem[] },
  ): Promise<ClaimedJob | undefined> {
    const place = placeOfRef(ref)
    const isPostponed = after.dueAt !== before.dueAt
    if (isPostponed) await this.#index.putDerived(dueRow(ref, after.dueAt))
    const steps: Step[] = [{ kind: 'replace', row: jobRow(place, after), etag: version }]
    if (part) {
      const row = jobPartRow(place, part.before.number, part.items)
      steps.push({ kind: 'replace', row, etag: part.before.version })
    }
    const etags = await unlessChanged(() => this.#table.transaction(steps))
    if (!etags) return undefined
    if (isPostponed || after.settledAt !== undefined)
      await removeDue(this.#index, dueRow(ref, before.dueAt).rowKey)
    return { ref, job: after, version: etags[0] ?? '' }
  }

  async ofCase(caseId: string, max: number, maxNotRecorded: number): Promise<readonly ShownJob[]> {
    const partition = jobPartition(caseId)
    const filter = odata`PartitionKey eq ${partition} and RowKey ge ${'job:'} and RowKey lt ${'job;'}`
    const jobs: ShownJob[] = []
    for await (const row of this.#table.query(filter, { pageSize: max })) {
      const job = orReported(this.#report, () => jobOf(this.#table.name, row))
      if (!job) continue
      const isAllRecorded = job.done === job.recorded
      const notRecorded = isAllRecorded ? [] : await this.#notRecorded(refOf(placeOf(row)), maxNotRecorded)
      jobs.push({ job, notRecorded })
      if (jobs.length === max) break
    }
    return jobs
  }

  async #notRecorded(ref: JobRef, max: number): Promise<readonly JobItem[]> {
    const found: JobItem[] = []
    for await (const { items } of this.#parts(ref)) {
      found.push(...items.filter(({ result }) => result !== undefined && result.kind !== 'recorded'))
      if (found.length >= max) break
    }
    return found.slice(0, max)
  }

  /** @throws UnreadableRow */
  async *#parts(ref: JobRef): AsyncGenerator<JobPart> {
    const { partitionKey, rowKey } = placeOfRef(ref)
    const start = jobPartRowKey(rowKey, 0).slice(0, -'000'.length)
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${start} and RowKey lt ${`${start.slice(0, -1)};`}`
    for await (const row of this.#table.query(filter)) {
      const number = Number(textColumn(row, 'rowKey').slice(-'000'.length))
      yield { number, items: jobItemsOf(this.#table.name, row), version: row.etag }
    }
  }

  #jobRow(ref: JobRef): Promise<StoredRow | undefined> {
    const { partitionKey, rowKey } = placeOfRef(ref)
    return this.#table.read(partitionKey, rowKey)
  }

  #after(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString()
  }
}

function placeOfRef(ref: JobRef) {
  const place = placeOfJob(ref)
  if (!place) throw new RangeError(`"${ref}" names no job.`)
  return place
}
