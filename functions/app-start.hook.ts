import { app } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { SettingsError } from '../shared/config/settings.ts'

/**
 * Makes tables and queue before the first event comes. A wrong setting ends the start with a clear message;
 * anything else (storage not there yet) is tried again by the first function that runs, which also reports it.
 */
export async function prepareApp(): Promise<void> {
  try {
    await startedApp()
  } catch (error) {
    if (error instanceof SettingsError) throw error
  }
}

app.hook.appStart(prepareApp)
