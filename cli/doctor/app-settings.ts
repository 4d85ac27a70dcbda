import { usedSettings } from '../../shared/channels/channel-settings.ts'
import type { ChannelDefinition } from '../../shared/domain/route.ts'
import type { Patient } from './check.ts'

/** What to do where only the settings of this call are known. */
export const giveAppSettings =
  'If the app has it, give its settings to doctor: --settings <file with the settings of the app>, or run doctor where the app runs.'

/** True where the settings are those of a function app: Azure and local.settings.json set this one for each. */
export function areOfTheApp({ run }: Patient): boolean {
  return Boolean(run.connected.environment()['FUNCTIONS_WORKER_RUNTIME'])
}

/** True where a channel may be well in the app: it lacks settings, and they are not those of the app. */
export function mayBeSetInTheApp(patient: Patient, channel: ChannelDefinition): boolean {
  const environment = patient.run.connected.environment()
  const lacks = usedSettings(channel, (name) => environment[name]).some(({ isSet }) => !isSet)
  return lacks && !areOfTheApp(patient)
}
