import functions from '@azure/functions'
import { record } from '../record.js'

const { app } = functions

function timer(name, schedule, options = {}) {
  app.timer(name, { schedule, handler: (value) => record(name, { timer: value }), ...options })
}

timer('nightly', '0 0 3 * * *')
timer('missed', '0 0 3 * * *')
timer('every-second', '* * * * * *')
timer('interval', '%INTERVAL%')
timer('at-start', '0 0 3 * * *', { runOnStartup: true })
timer('fails-at-start', '0 0 3 * * *', {
  runOnStartup: true,
  handler: () => {
    throw new Error('failed on purpose')
  },
})
timer('never-ends', '0 0 3 * * *', {
  handler: () => {
    record('never-ends', { pid: process.pid })
    return new Promise(() => undefined)
  },
})
