import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, inject, it, onTestFinished } from 'vitest'

/** Stands in for the module that the Functions worker supplies, and prints what is registered with it. */
const core = `
module.exports = {
  setProgrammingModel() {}, registerHook(name) { console.log('hook ' + name) },
  registerFunction({ name, bindings }) { console.log(name + ' ' + Object.values(bindings).map((b) => b.type).join()) },
}`

describe('the folder that is deployed', () => {
  it('holds the bundle, host.json and package.json, and nothing else', async () => {
    expect((await readdir(inject('appFolder'))).toSorted()).toEqual(['host.json', 'main.cjs', 'package.json'])
  })

  it('loads and registers its functions with nothing but @azure/functions-core, and without any setting', async () => {
    const modules = await mkdtemp(join(tmpdir(), 'functions-core-'))
    onTestFinished(() => rm(modules, { recursive: true, force: true }))
    await mkdir(join(modules, '@azure'), { recursive: true })
    await writeFile(join(modules, '@azure/functions-core.js'), core)
    const { stdout } = await promisify(execFile)(process.execPath, [join(inject('appFolder'), 'main.cjs')], {
      env: { NODE_PATH: modules },
    })
    expect(stdout.trim().split('\n').toSorted()).toEqual([
      'account httpTrigger,http',
      'case httpTrigger,http',
      'caseDecision httpTrigger,http',
      'connectionEvent eventGridTrigger',
      'decision httpTrigger,http',
      'evaluateAgain timerTrigger',
      'finishOpenWork timerTrigger',
      'healthz httpTrigger,http',
      'hook appStart',
      'notify queueTrigger',
      'notifyDue timerTrigger',
      'notifyPoison queueTrigger',
      'readyz httpTrigger,http',
      'request httpTrigger,http',
      'review queueTrigger',
      'reviewLink httpTrigger,http',
      'reviewPoison queueTrigger',
      'rule httpTrigger,http',
      'signIn httpTrigger,http',
      'signInCallback httpTrigger,http',
      'signOut httpTrigger,http',
      'signedOut httpTrigger,http',
      'stylesheet httpTrigger,http',
      'sweep timerTrigger',
      'waiting httpTrigger,http',
    ])
  })
})
