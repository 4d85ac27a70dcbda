import { it } from 'vitest'
import { faults } from './faults.ts'
import { stories, places } from './cases.ts'
import { PersistentWorld } from './world.ts'
it('probe', async () => {
  const [story, place, fault, times] = (process.env['PROBE'] ?? '').split('|')
  const w = new PersistentWorld(stories[story!]!)
  const f = faults.find((x) => x.title === fault)!
  w.fail(places[place!]!, f.play, Number(times))
  const t0 = w.arena.world.time
  const before = w.arena.beforeCall
  w.arena.beforeCall = (m, p) => {
    console.log(String((w.arena.world.time - t0) / 1000), m, p.slice(-60))
    before(m, p)
  }
  const write = w.arena.world.log.push.bind(w.arena.world.log)
  w.arena.world.log.push = (...e) => {
    for (const x of e)
      console.log(
        '   LOG',
        String((w.arena.world.time - t0) / 1000),
        x.kind,
        x.state,
        x.reason.code,
        x.reason.sentence,
      )
    return write(...e)
  }
  await w.run(3600)
  console.log(w.status(), w.calls().length, w.notified(), w.arena.world.logged.slice(-12))
})
