import type { Run } from '../command/run.ts'
import { once } from '../place/once.ts'
import type { ExitCode } from '../terminal/io.ts'
import { appAddress } from './app.ts'
import type { DoctorOptions, Patient } from './check.ts'
import { checks } from './checks.ts'
import { doctorJson, doctorText } from './doctor-view.ts'
import { examine } from './examine.ts'
import { identityOf } from './identity.ts'
import { readableSubscriptions } from './subscriptions.ts'

/** Runs every check. 1: one failed. */
export async function doctor(run: Run<DoctorOptions>): Promise<ExitCode> {
  const { io } = run
  const patient = patientOf(run)
  if (run.options.app !== undefined) appAddress(run.options.app, 'healthz')
  const bar = io.progress('Checking', Object.keys(checks).length)
  const results = await examine(patient, {
    onDone: (done) => bar.at(done),
    signal: io.signal,
  }).finally(() => bar.end())
  io.out(io.isJson ? doctorJson(results) : doctorText(results, io))
  return results.some(({ level }) => level === 'fail') ? 1 : 0
}

function patientOf(run: Run<DoctorOptions>): Patient {
  const { connected, options } = run
  connected.environment()
  return {
    run,
    subscriptions: once(async () => readableSubscriptions(await connected.arm(), options.subscription)),
    whoAmI: once(() => identityOf(connected)),
  }
}
