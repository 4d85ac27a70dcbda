import { record } from '../record.js'
import functions from '@azure/functions'

const { app, output } = functions
const connection = 'AzureWebJobsStorage'
const work = output.storageQueue({ queueName: '%WORK_QUEUE%', connection })
const raw = output.storageQueue({ queueName: 'raw', connection })

const samples = {
  text: 'plain text',
  object: { a: 1, b: { c: 2 }, list: [1], none: null, yes: true, id: 'own' },
  many: [{ i: 1 }, { i: 2 }, 'three'],
  empty: [],
  failing: { fail: true },
}
for (const [name, queue] of Object.entries({ put: work, 'put-raw': raw })) {
  app.http(name, {
    route: `${name}/{kind}`,
    methods: ['POST'],
    extraOutputs: [queue],
    handler: (request, context) => {
      context.extraOutputs.set(queue, samples[request.params.kind])
      return { status: 202 }
    },
  })
}

app.storageQueue('worker', {
  queueName: '%WORK_QUEUE%',
  connection,
  handler: async (message, context) => {
    record('worker', { message, metadata: context.triggerMetadata, pid: process.pid, at: Date.now() })
    if (message.fail) throw new Error('failed on purpose')
    if (message.crashOnce && context.triggerMetadata.dequeueCount === 1) process.exit(3)
    if (message.forever) await new Promise(() => undefined)
    if (message.waitFor) await released(message.waitFor)
  },
})
app.storageQueue('poison', {
  queueName: '%WORK_QUEUE%-poison',
  connection,
  handler: (message, context) => {
    record('poison', { message, metadata: context.triggerMetadata })
    if (message.isHopeless) throw new Error('failed on purpose')
  },
})

const waiting = new Map()
function released(name) {
  return new Promise((resolve) => waiting.set(name, [...(waiting.get(name) ?? []), resolve]))
}
app.http('release', {
  route: 'release/{name}',
  handler: (request) => {
    const resolvers = waiting.get(request.params.name) ?? []
    waiting.delete(request.params.name)
    for (const resolve of resolvers) resolve()
    return { jsonBody: { released: resolvers.length } }
  },
})
