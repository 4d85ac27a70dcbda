import { TableClient, type TableEntityResult } from '@azure/data-tables'
import { AllowListAdmin } from '../../../shared/allow-list/change/admin.ts'
import type { Applied } from '../../../shared/allow-list/change/apply.ts'
import type { Author } from '../../../shared/allow-list/change/log.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { plainRule } from '../../support/sample-rule.ts'
import { factoryId, onlyRules, storageId } from '../../unit/allow-list/given.ts'

let tables = 0

/** A table of a test's own; made unless told otherwise. */
export async function newTable(connectionString: string, isMade = true): Promise<TableClient> {
  const table = clientOf(connectionString, `list${tables++}`)
  if (isMade) await table.createTable()
  return table
}

export function clientOf(connectionString: string, name: string): TableClient {
  return TableClient.fromConnectionString(connectionString, name, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries: 3, retryDelayInMs: 50 },
  })
}

export function adminOf(table: TableClient): AllowListAdmin {
  return new AllowListAdmin(new GuardedTable(table))
}

/** An allow of a factory, as a file says it. */
export function rule(id: string, change: Partial<RuleContent> = {}): RuleContent {
  return {
    ...plainRule,
    id,
    effect: 'allow',
    target: storageId,
    requester: { kind: 'resource', id: factoryId },
    ...change,
  }
}

export function rules(count: number, change: Partial<RuleContent> = {}): RuleContent[] {
  return Array.from({ length: count }, (_, index) => rule(`r${String(index).padStart(4, '0')}`, change))
}

export const author: Author = {
  who: 'jo@contoso.example',
  at: new Date('2026-11-21T08:00:00Z'),
  fileName: 'rules.yaml',
  fileSha256: 'a'.repeat(64),
}

/** Reads, plans and applies. */
export async function applied(
  table: TableClient,
  desired: readonly RuleContent[],
  change: Partial<Author> = {},
): Promise<Applied> {
  const admin = adminOf(table)
  return admin.apply(admin.plan(await admin.read(), onlyRules(desired)), { ...author, ...change })
}

/** The rows of the table that begin so, as they stand. */
export async function rowsOf(table: TableClient, beginning = ''): Promise<TableEntityResult<object>[]> {
  const rows = await Array.fromAsync(table.listEntities())
  return rows.filter(({ rowKey }) => rowKey?.startsWith(beginning))
}

/** Requests of this client as they are sent, as `GET rule/r1` or `GET PartitionKey lt 'rule'`. */
export function requestsOf(table: TableClient): string[] {
  const sent: string[] = []
  table.pipeline.addPolicy({
    name: 'countRequests',
    sendRequest(request, next) {
      sent.push(spoken(request.method, new URL(request.url)))
      return next(request)
    },
  })
  return sent
}

function spoken(method: string, url: URL): string {
  const [, partitionKey = '', rowKey = ''] =
    /\(PartitionKey='(.*)',RowKey='(.*)'\)$/.exec(decodeURIComponent(url.pathname)) ?? []
  const what = rowKey === '' ? (url.searchParams.get('$filter') ?? url.pathname) : `${partitionKey}/${rowKey}`
  return `${method} ${what}${url.searchParams.has('$select') ? ' (keys)' : ''}`
}
