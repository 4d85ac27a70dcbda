import { parseResourceId } from '../domain/resource-id.ts'
import { asSearched } from './ask-for-review.ts'
import type { ReviewPorts } from './ports.ts'

const unusable = 'a list that cannot be used'

/**
 * Sends a review pass to every target with an open request when the allow-list is another than at the last time. Returns how
 * many there were; undefined when nothing has changed, or the list cannot be read. Nothing is lost by a crash: what
 * was evaluated last is remembered only after all looks are sent.
 */
export async function evaluateAgainOnChange(ports: ReviewPorts): Promise<number | undefined> {
  const { rules, checkpoints, ledger, queue, timings, log, now } = ports
  const set = await rules.load()
  const evaluatedBy = await checkpoints.read('evaluated-by')
  if (!set.complete) {
    log.error('The allow-list cannot be used: every request goes to a person.', {
      metric: 'allowlist.unreadable',
      problem: set.problem,
    })
    // Mended to what it was before, it is another list to those that were evaluated meanwhile.
    if (evaluatedBy !== unusable) await checkpoints.write('evaluated-by', unusable)
    return undefined
  }
  if (evaluatedBy === set.hash) return undefined
  const targets = await ledger.unfinishedTargets()
  for (const target of targets) {
    const id = parseResourceId(target)
    if (id) await queue.enqueue(asSearched(id, now()), timings.listKnownSeconds)
  }
  await checkpoints.write('evaluated-by', set.hash)
  log.info('The allow-list has changed: open requests are evaluated again.', {
    targets: targets.length,
    ruleSetHash: set.hash,
  })
  return targets.length
}
