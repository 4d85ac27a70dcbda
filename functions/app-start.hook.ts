import { app } from '@azure/functions'
import { startedApp } from '../shared/app.ts'
import { SettingsError } from '../shared/config/settings.ts'

/**
 * Creates tables and queue before the first event arrives. A wrong setting ends the start with a clear message; any
 * other failure (storage not ready yet) is retried, and reported, by the first function that runs.
 */
export async function prepareApp(): Promise<void> {
  try {
    await startedApp()
  } catch (error) {
    if (error instanceof SettingsError) throw error
  }
}

app.hook.appStart(prepareApp)
