import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestHost, temporaryFolder } from './support.ts'
import type { TestHost } from './support.ts'

let folder: ReturnType<typeof temporaryFolder>
let host: TestHost | undefined
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  await host?.stop()
  host = undefined
  folder.remove()
})

const root = fileURLToPath(new URL('../../', import.meta.url))
const library = '@azure/functions'
const hello = `app.http('hello', { handler: () => ({ body: 'hello' }) })`

/** Writes an app into the folder of this test. */
function writeApp(
  files: Record<string, string>,
  packageJson: object,
  hostJson: object = { version: '2.0' },
): void {
  const all = {
    'package.json': JSON.stringify(packageJson),
    'host.json': JSON.stringify(hostJson),
    ...files,
  }
  for (const [name, text] of Object.entries(all)) {
    const file = join(folder.path, name)
    mkdirSync(join(file, '..'), { recursive: true })
    writeFileSync(file, text)
  }
}

/** An app of one bundled file that needs nothing but the module of the host. */
async function bundle(code: string, format: 'cjs' | 'esm'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `import { app, input, output } from '${library}'\n${code}`, resolveDir: root },
    bundle: true,
    write: false,
    platform: 'node',
    format,
    external: ['@azure/functions-core'],
    ...(format === 'esm'
      ? {
          banner: {
            js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
          },
        }
      : {}),
  })
  return outputFiles[0]?.text ?? ''
}

async function start(env: Record<string, string> = {}): Promise<TestHost> {
  host = await startTestHost({ appFolder: folder.path, env })
  return host
}

/** The message with which an app made of this code is refused. */
async function refusal(code: string, env: Record<string, string> = {}, hostJson?: object): Promise<string> {
  writeApp({ 'main.cjs': await bundle(code, 'cjs') }, { main: 'main.cjs' }, hostJson)
  return start(env).then(
    () => 'not refused',
    (error: unknown) => (error as Error).message,
  )
}

describe('an app', () => {
  it.each([
    ['one bundled CommonJS file', 'cjs', 'main.cjs', {}],
    ['one bundled CommonJS file by the kind of its package', 'cjs', 'main.js', {}],
    ['one bundled ES module', 'esm', 'main.mjs', {}],
    ['one bundled ES module by the kind of its package', 'esm', 'main.js', { type: 'module' }],
  ] as const)('may be %s', async (_, format, file, fields) => {
    writeApp({ [file]: await bundle(hello, format) }, { main: file, ...fields })
    expect((await (await start()).ask('GET', '/api/hello')).body).toBe('hello')
  })

  it('may import the module of the host itself, which is the one its library requires', async () => {
    const registering = `
      import * as core from '@azure/functions-core'
      import { createRequire } from 'node:module'
      const required = createRequire(import.meta.url)('@azure/functions-core')
      app.http('core', { handler: () => ({ jsonBody: { same: core.registerFunction === required.registerFunction, host: core.hostVersion } }) })`
    writeApp(
      {
        'main.mjs': (await bundle(registering, 'esm'))
          .replace('import { createRequire }', 'import { createRequire as _ }')
          .replace('const require = createRequire', 'const require = _'),
      },
      { main: 'main.mjs' },
    )
    const response = await (await start()).ask('GET', '/api/core')
    expect(JSON.parse(response.body)).toEqual({ same: true, host: '4.1037.0' })
  })

  it('may name several files by a pattern, and carry its own library', async () => {
    const own = `exports.app = { http: (name, options) => require('@azure/functions-core').registerFunction({ name, bindings: { t: { type: 'httpTrigger', direction: 'in', methods: ['GET'], authLevel: 'anonymous' } } }, options.handler) }
      require('@azure/functions-core').setProgrammingModel({ name: 'own', version: '1', getInvocationModel: () => ({
        getArguments: async () => ({ context: {}, inputs: [] }),
        invokeFunction: async (context, inputs, handler) => handler(),
        getResponse: async (context, body) => ({ returnValue: { http: { statusCode: '200', body: { string: body } } } }) }) })`
    writeApp(
      {
        [`node_modules/${library}/index.js`]: own,
        'functions/a.cjs': `require('${library}').app.http('a', { handler: () => 'from a' })`,
        'functions/b.cjs': `require('${library}').app.http('b', { handler: () => 'from b' })`,
      },
      { main: 'functions/*.cjs' },
    )
    const started = await start()
    expect((await started.ask('GET', '/api/a')).body).toBe('from a')
    expect((await started.ask('GET', '/api/b')).body).toBe('from b')
  })

  it('has the route prefix "api" unless host.json has another', async () => {
    const hostJson = { extensions: { http: { routePrefix: 'other/v1' } } }
    writeApp({ 'main.cjs': await bundle(hello, 'cjs') }, { main: 'main.cjs' }, hostJson)
    const started = await start()
    expect((await started.ask('GET', '/other/v1/hello')).status).toBe(200)
    expect((await started.ask('GET', '/api/hello')).status).toBe(404)
  })

  it('has hooks around its functions, and no function whose setting says Disabled', async () => {
    const code = `${hello}
      app.http('off', { handler: () => ({ body: 'on' }) })
      app.hook.preInvocation((context) => { context.functionHandler = () => ({ body: 'hooked' }) })`
    writeApp({ 'main.cjs': await bundle(code, 'cjs') }, { main: 'main.cjs' })
    const started = await start({ 'AzureWebJobs.off.Disabled': 'true' })
    expect((await started.ask('GET', '/api/hello')).body).toBe('hooked')
    expect((await started.ask('GET', '/api/off')).status).toBe(404)
  })

  it('writes to the log what it logs, from the level on that host.json wants', async () => {
    const code = `app.http('logs', { handler: (request, context) => {
      context.log('at information'); context.warn('at warning'); console.log('on the console'); return {} } })`
    const hostJson = { logging: { logLevel: { default: 'Information', 'Function.logs': 'Warning' } } }
    writeApp({ 'main.cjs': await bundle(code, 'cjs') }, { main: 'main.cjs' }, hostJson)
    const started = await start()
    await started.ask('GET', '/api/logs')
    await expect.poll(() => started.log.join('\n')).toContain('on the console')
    expect(started.log.join('\n')).toContain('Function.logs.User: at warning')
    expect(started.log.join('\n')).not.toContain('at information')
  })
})

describe('an app is refused', () => {
  it.each([
    [
      'a trigger the host does not know',
      `app.serviceBusQueue('f', { queueName: 'q', connection: 'c', handler() {} })`,
      /Function "f" has a trigger of type "serviceBusTrigger"/,
    ],
    [
      'an output the host does not know',
      `app.http('f', { extraOutputs: [output.storageBlob({ path: 'x', connection: 'c' })], handler() {} })`,
      /Function "f" has an output binding of type "blob"/,
    ],
    [
      'an input the host does not know',
      `app.http('f', { extraInputs: [input.storageBlob({ path: 'x', connection: 'c' })], handler() {} })`,
      /Function "f" has an input binding of type "blob"/,
    ],
    [
      'a retry policy',
      `app.timer('f', { schedule: '0 0 3 * * *', retry: { strategy: 'fixedDelay', maxRetryCount: 2, delayInterval: 1000 }, handler() {} })`,
      /Function "f" has a retry policy/,
    ],
    [
      'a schedule the host does not know',
      `app.timer('f', { schedule: 'often', handler() {} })`,
      /Function "f": the schedule "often"/,
    ],
    ['a route constraint', `app.http('f', { route: 'x/{y:odd}', handler() {} })`, /the constraint "odd"/],
    [
      "a route of the host's",
      `app.http('f', { route: '/admin/x', handler() {} })`,
      /Function "f": the route "admin\/x" conflicts/,
    ],
    [
      'two functions of one name',
      `app.http('f', { handler() {} }); app.http('F', { handler() {} })`,
      /Function "F": there are two of that name/,
    ],
    [
      'a setting that is missing',
      `app.storageQueue('f', { queueName: '%QUEUE%', connection: '', handler() {} })`,
      /Function "f": queueName is "%QUEUE%", and there is no setting QUEUE/,
    ],
    [
      'a connection that is missing',
      `app.storageQueue('f', { queueName: 'q', connection: 'Other', handler() {} })`,
      /The setting Other or AzureWebJobsOther is missing/,
    ],
  ])('for %s', async (_, code, sentence) => {
    const hostJson = { extensions: { http: { routePrefix: '' } } }
    expect(await refusal(code, {}, hostJson)).toMatch(sentence)
  })

  it('for throwing while it is loaded, with what it threw', async () => {
    expect(await refusal(`throw new Error('no settings')`)).toMatch(/cannot be loaded: Error: no settings/)
  })

  it('for having no entry file, no main, or a host.json with a value of the wrong kind', async () => {
    writeApp({}, { main: 'nothing.js' })
    await expect(start()).rejects.toThrow(/"main" of .* is "nothing.js", and no file fits it/)
    writeApp({}, {})
    await expect(start()).rejects.toThrow(/package.json has no "main"/)
    expect(await refusal(hello, {}, { extensions: { queues: { batchSize: 33 } } })).toBe(
      'host.json: extensions.queues.batchSize is 33, expected a whole number from 1 to 32.',
    )
    expect(await refusal(hello, {}, { functionTimeout: '5 minutes' })).toBe(
      'host.json: functionTimeout is "5 minutes", expected a time like "00:00:30".',
    )
  })
})
