import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from '../../build/app.ts'
import { inParallel } from '../../shared/storage/in-parallel.ts'
import { hostCounts, maxRecoverySeconds, recoverFromKill } from '../support/recovery-run.ts'

// Measures the recovery after a kill again and again: npm run recovery -- --runs 20 --parallel 2
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '20' }, parallel: { type: 'string', default: '2' } },
})
const appFolder = await mkdtemp(join(tmpdir(), 'approver-recovery-'))
try {
  await buildApp(appFolder)
  for (const hosts of Object.keys(hostCounts) as (keyof typeof hostCounts)[]) {
    const runs = Array.from({ length: Number(values.runs) }, (_, index) => index + 1)
    const all = await inParallel(runs, Number(values.parallel), async (run) => {
      const found = await recoverFromKill(appFolder, hosts, 180)
      console.log(`${hosts}, run ${run}: ${found.seconds.toFixed(1)} s, ${JSON.stringify(found)}`)
      return found
    })
    const seconds = all.map((one) => one.seconds).sort((a, b) => a - b)
    const at = (part: number) => seconds[Math.floor((seconds.length - 1) * part)]?.toFixed(1)
    console.log(`${hosts}, ${seconds.length} runs: min ${at(0)} s, median ${at(0.5)} s, max ${at(1)} s`)
    const isRight = all.every(
      ({ status, writes, log }) => status === 'Approved' && writes === 1 && log.length === 3,
    )
    if (!isRight || (seconds.at(-1) ?? Infinity) >= maxRecoverySeconds) process.exitCode = 1
  }
} finally {
  await rm(appFolder, { recursive: true, force: true })
}
