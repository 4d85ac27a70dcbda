import { checks } from '../doctor/checks.ts'
import type { DoctorOptions, Patient } from '../doctor/check.ts'
import { appAddress } from '../doctor/app.ts'
import { examine } from '../doctor/examine.ts'
import { identityOf } from '../doctor/identity.ts'
import { readableSubscriptions } from '../doctor/subscriptions.ts'
import type { ExitCode } from '../io.ts'
import { once } from '../once.ts'
import type { Run } from '../run.ts'
import { doctorJson, doctorText } from './doctor-view.ts'

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
