import { readSettings } from '../../shared/config/settings.ts'
import { printable, visible } from '../../shared/domain/printable.ts'
import { isGuid } from '../../shared/domain/resource-id.ts'
import { withoutStorage } from '../place/environment.ts'
import { fail, type CheckRun, pass, warn } from './check.ts'

const maxProblems = 30

/** Every setting that is missing or wrong; the app itself names only the first. */
export const checkSettings: CheckRun = async ({ run }) => {
  const problems = problemsOf({ ...withoutStorage(run.connected.environment()) })
  if (problems.length > 0) {
    const fix = 'docs/deploy.md lists the settings and what each holds.'
    return problems.map((problem) => fail(visible(problem), fix))
  }
  await run.connected.azureSettings()
  return pass('Every setting can be read.')
}

/** Checks that need no storage run without it. */
export const checkStoragePlace: CheckRun = async ({ run }) => {
  const { storage } = await run.connected.settings()
  return pass(
    storage.kind === 'connection-string'
      ? 'The settings name it by a connection string.'
      : `Tables at ${printable(storage.tableServiceUri)}, queues at ${printable(storage.queueServiceUri)}.`,
  )
}

/** Takes out what is wrong, one setting after the other, until nothing is. */
function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  const problems: string[] = []
  while (problems.length < maxProblems) {
    try {
      readSettings(environment)
      return problems
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error)
      const name = /^Setting (\w+) /.exec(sentence)?.[1]
      problems.push(sentence)
      if (name === undefined || !environment[name]) return problems
      environment[name] = undefined
    }
  }
  return problems
}

/** Without them no managed requester can ever be confirmed. */
export const checkManagedTenants: CheckRun = async ({ run }) => {
  const { managedTenants } = await run.connected.azureSettings()
  const odd = managedTenants.find((tenant) => !isGuid(tenant))
  return managedTenants.length > 0 && odd === undefined
    ? pass(`MANAGED_TENANTS names ${managedTenants.join(', ')}.`)
    : warn(
        'MANAGED_TENANTS is empty: no managed requester can be confirmed, and all their requests wait for manual review.',
        'curl -i "https://management.azure.com/subscriptions/<subscription of a managed endpoint you know>?api-version=2020-01-01" names the tenant; put it into MANAGED_TENANTS.',
      )
}
