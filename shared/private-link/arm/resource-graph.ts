import { z } from 'zod'
import type { ArmResponse, ArmClient } from './client.ts'
import { ArmError } from './error.ts'
import { listBudget } from './pages.ts'
import { type Clock, secondsToStayAway, whenThrottled } from './waiting.ts'

const path = '/providers/Microsoft.ResourceGraph/resources'
const apiVersion = '2022-10-01'
const rowsPerPage = 1000
const maxPages = 50
const maxWaits = 5

/**
 * Why a search of Resource Graph may be incomplete.
 * - `quota`: the quota of queries was used up.
 * - `pages`: more pages than are read, or longer ones.
 * - `truncated`: the graph reported omitted rows.
 * - `subscriptions`: the identity may read more subscriptions than the graph searches.
 */
export type CutOff =
  | { readonly why: 'quota'; readonly retryAfterSeconds: number | undefined }
  | { readonly why: 'pages'; readonly pages: number }
  | { readonly why: 'truncated' }
  | { readonly why: 'subscriptions' }

export type GraphRow = Readonly<Record<string, unknown>>

export interface GraphResult {
  readonly rows: readonly GraphRow[]
  /** Undefined when that is all there is to be seen. */
  readonly cutOff: CutOff | undefined
}

const page = z.object({
  data: z.array(z.record(z.string(), z.unknown())),
  $skipToken: z.string().nullish(),
  resultTruncated: z.string().optional().catch(undefined),
})

/**
 * Queries Azure Resource Graph, over every subscription the identity can read. The query must project `id` and have a
 * stable order, or pages may overlap.
 * @param clock waits when the quota is used up, a few times; without it the search ends there with partial results.
 * @throws ArmError for every error except an exceeded quota, ZodError for an unexpected response.
 */
export async function searchGraph(arm: ArmClient, query: string, clock?: Clock): Promise<GraphResult> {
  const rows: GraphRow[] = []
  let skipToken: string | undefined
  let cutOff: CutOff | undefined
  const budget = listBudget()
  for (let pages = 0; pages < maxPages; pages += 1) {
    const response = await askPage(arm, query, skipToken, clock)
    if (!('status' in response)) return { rows, cutOff: response }
    const read = page.parse(response.body)
    rows.push(...read.data)
    cutOff ??= cutOffOf(response, read)
    skipToken = read.$skipToken ?? undefined
    if (!skipToken) return { rows, cutOff }
    if (!budget.hasRoomFor(response.bytes)) return { rows, cutOff: { why: 'pages', pages: pages + 1 } }
  }
  return { rows, cutOff: { why: 'pages', pages: maxPages } }
}

async function askPage(
  arm: ArmClient,
  query: string,
  skipToken: string | undefined,
  clock: Clock | undefined,
): Promise<ArmResponse | CutOff> {
  const options = {
    resultFormat: 'objectArray',
    $top: rowsPerPage,
    ...(skipToken && { $skipToken: skipToken }),
  }
  for (let waits = 0; ; waits += 1) {
    try {
      return await arm.request('POST', path, apiVersion, { query, options })
    } catch (error) {
      if (!(error instanceof ArmError) || error.status !== 429) throw error
      const { retryAfterSeconds } = error
      if (!clock || waits === maxWaits) return { why: 'quota', retryAfterSeconds }
      await clock.wait(secondsToStayAway(retryAfterSeconds, whenThrottled) * 1000)
    }
  }
}

/** The header as Microsoft's documentation of the service has it. */
function cutOffOf(response: ArmResponse, read: z.infer<typeof page>): CutOff | undefined {
  if (response.header('x-ms-tenant-subscription-limit-hit') === 'true') return { why: 'subscriptions' }
  return read.resultTruncated === 'true' && !read.$skipToken ? { why: 'truncated' } : undefined
}
