import functions from '@azure/functions'
import { record } from '../record.js'

const { app } = functions

// Keeps the process busy, as an app with open connections is.
globalThis.setInterval(() => undefined, 60_000)

app.hook.appStart((context) => {
  context.hookData.started = true
  record('start', { pid: process.pid })
})
app.hook.appTerminate((context) => record('terminate', { started: context.hookData.started }))
app.hook.preInvocation((context) => {
  context.hookData.seenBefore = true
})
app.hook.postInvocation((context) => {
  if (context.invocationContext.functionName === 'release' && context.hookData.seenBefore) {
    context.result.headers = { 'x-hooked': 'yes' }
  }
})
