import { record } from '../record.js'
import functions from '@azure/functions'

const { app } = functions
const arrived = []

async function handle(kind, event, context) {
  record(kind, { event, metadata: context.triggerMetadata })
  // Goes on only when three have come, which shows that they run side by side.
  if (event.subject === 'together') {
    await new Promise((resolve) => {
      arrived.push(resolve)
      if (arrived.length === 3) for (const each of arrived.splice(0)) each()
    })
  }
  if (event.subject === 'FAIL') throw new Error('failed on purpose')
}

app.eventGrid('event', { handler: (event, context) => handle('event', event, context) })
app.generic('batch', {
  trigger: { type: 'eventGridTrigger', name: 'events', cardinality: 'many' },
  handler: (events, context) => handle('batch', events, context),
})
