import { parseResourceId } from '../domain/resource-id.ts'
import { asChanged } from './ask-for-review.ts'
import type { ReviewPorts } from './ports.ts'

const unusable = 'a list that cannot be used'

/**
 * Requests a review pass for every target with an open request when the allow-list has changed since the last time.
 * Returns how many there were; undefined when nothing has changed, or the list cannot be read. A crash loses nothing:
 * the checkpoint is written only after all passes are requested.
 */
export async function evaluateAgainOnChange(ports: ReviewPorts): Promise<number | undefined> {
  const { rules, checkpoints, ledger, queue, timings, log } = ports
  const set = await rules.load()
  const evaluatedBy = await checkpoints.read('evaluated-by')
  if (!set.complete) {
    log.error('The allow-list cannot be used: every request waits for manual review.', {
      metric: 'allowlist.unreadable',
      problem: set.problem,
    })
    // A list that is restored to its former content still counts as changed for requests evaluated meanwhile.
    if (evaluatedBy !== unusable) await checkpoints.write('evaluated-by', unusable)
    return undefined
  }
  if (evaluatedBy === set.hash) return undefined
  const targets = await ledger.unfinishedTargets()
  for (const target of targets) {
    const id = parseResourceId(target)
    if (id) await queue.enqueue(asChanged(id), timings.listKnownSeconds)
  }
  await checkpoints.write('evaluated-by', set.hash)
  log.info('The allow-list has changed: open requests are evaluated again.', {
    targets: targets.length,
    ruleSetHash: set.hash,
  })
  return targets.length
}
