import { printable } from '../../shared/domain/printable.ts'
import { CommandFailed } from '../terminal/io.ts'
import { fail, type CheckRun, type Outcome, pass, skipped, warn } from './check.ts'

/** Whether the process responds. */
export const checkAppHealth: CheckRun = ({ run }, signal) =>
  askApp(run.options.app, 'healthz', run.connected.environment()['APP_KEY'], signal, ({ status }) =>
    status === 200
      ? pass('It responds.')
      : fail(`/healthz responds ${status}.`, 'az functionapp restart --name <app> --resource-group <group>'),
  )

/** Whether the app reports that it can decide. */
export const checkAppReady: CheckRun = ({ run }, signal) =>
  askApp(run.options.app, 'readyz', run.connected.environment()['APP_KEY'], signal, ({ status, text }) => {
    if (status === 200) return pass('It can decide requests.')
    if (status === 401 || status === 403) {
      return warn(
        '/readyz requires a function key.',
        'APP_KEY=<a function key of the app> private-endpoint-approver doctor --app <address>',
      )
    }
    return fail(`/readyz responds ${status}: ${printable(text)}`, 'Fix what it says.')
  })

interface AppResponse {
  readonly status: number
  readonly text: string
}

async function askApp(
  address: string | undefined,
  path: string,
  key: string | undefined,
  signal: AbortSignal,
  outcomeOf: (response: AppResponse) => Outcome,
): Promise<Outcome> {
  if (address === undefined) return skipped('Not asked.', '--app <address of the function app>')
  const response = await fetch(appAddress(address, path), {
    signal,
    redirect: 'error',
    headers: key ? { 'x-functions-key': key } : {},
  })
  return outcomeOf({ status: response.status, text: (await response.text()).slice(0, 2_000) })
}

/** A key must not go out in the clear. @throws CommandFailed (2) for another address than https or this machine's. */
export function appAddress(address: string, path: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined
  const isHere = url?.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url && (url.protocol === 'https:' || isHere) && !url.username) return new URL(`/${path}`, url)
  throw new CommandFailed('--app is no address; expected: https://<app>.azurewebsites.net.', 2)
}
