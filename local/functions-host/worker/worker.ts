import { registerHooks } from 'node:module'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { stackOf } from '../failure.ts'
import type { MessageFromWorker, MessageToWorker } from '../rpc.ts'
import { app, prepareCoreApi } from './core-api.ts'
import { runHooks, runInvocation } from './invocations.ts'

// The child process that holds the app. It talks to the host by IPC only and ends as soon as the host is gone.

const coreApiUrl = new URL('./core-api.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === '@azure/functions-core'
      ? { url: coreApiUrl, format: 'module-typescript', shortCircuit: true }
      : nextResolve(specifier, context),
})

function send(message: MessageFromWorker): void {
  // The callback ignores the error when the host dies between the check and the write: 'disconnect' ends this process.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined)
}

function isModule(file: string, modulePackage: boolean): boolean {
  return file.endsWith('.mjs') || (!file.endsWith('.cjs') && modulePackage)
}

async function load(message: MessageToWorker & { kind: 'load' }): Promise<void> {
  prepareCoreApi({ hostVersion: message.hostVersion, log: (entry) => send({ kind: 'log', entry }) })
  const require = createRequire(import.meta.url)
  for (const file of message.entryFiles) {
    if (isModule(file, message.modulePackage)) await import(pathToFileURL(file).href)
    else require(file)
  }
  await runHooks('appStart', { functionAppDirectory: message.appFolder })
  app.started = true
  const capabilities = (await app.model?.getCapabilities?.({})) ?? {}
  const functions = [...app.functions].map(([id, { metadata }]) => ({
    id,
    name: metadata.name ?? id,
    // A binding may hold functions or class instances; a host only ever gets what JSON keeps.
    bindings: JSON.parse(JSON.stringify(metadata.bindings)) as typeof metadata.bindings,
    hasRetryPolicy: metadata.retryOptions !== undefined,
  }))
  send({ kind: 'loaded', functions, capabilities })
}

async function terminate(): Promise<void> {
  try {
    await runHooks('appTerminate', {})
  } catch (error) {
    console.error(`The hook appTerminate failed: ${stackOf(error)}`)
  }
  process.exit(0)
}

process.on('message', (message: MessageToWorker) => {
  if (message.kind === 'load') {
    load(message).catch((error: unknown) => send({ kind: 'loadFailed', message: stackOf(error) }))
  } else if (message.kind === 'invoke') {
    const { invocation } = message
    void runInvocation(invocation).then((result) =>
      send({ kind: 'result', invocationId: invocation.id, result }),
    )
  } else {
    void terminate()
  }
})
process.on('disconnect', () => process.exit(1))
// Ctrl+C reaches the whole process group; the host decides when the worker ends.
process.on('SIGINT', () => undefined)
