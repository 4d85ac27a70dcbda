// Forgets the local state: npm run reset [-- --state FOLDER]
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { parseArgs } from 'node:util'

const help = `Usage: npm run reset [-- --state FOLDER]

Deletes the local state: storage, simulated Azure, keys and certificate. "npm start" makes all of it anew.

  --state FOLDER   where it is kept (default: .local)
  --help           this text`

const usualFolder = join(import.meta.dirname, '../.local')
const longestHandshakeMs = 5000

const { values: flags } = parseArgs({
  options: {
    state: { type: 'string', default: usualFolder },
    help: { type: 'boolean' },
  },
})

if (flags.help) console.log(help)
else process.exitCode = await reset(flags.state, Number(process.env['AZURE_SIM_PORT'] ?? 7443))

async function reset(folder: string, port: number): Promise<number> {
  if (!existsSync(folder)) {
    console.log(`There is no local state in ${folder}.`)
    return 0
  }
  const caFile = join(folder, 'ca.pem')
  if (!existsSync(caFile) && folder !== usualFolder) {
    console.error(`${folder} is left alone: it has no ca.pem, so it does not look like local state.`)
    return 1
  }
  if (existsSync(caFile) && (await isServedFrom(caFile, port))) {
    console.error(
      `${folder} is in use: the simulated Azure on port ${port} has its certificate. Stop "npm start" first.`,
    )
    return 1
  }
  await rm(folder, { recursive: true })
  console.log(`The local state in ${folder} is gone: storage, simulated Azure, keys and certificate.`)
  return 0
}

/** Whoever shows a certificate that this folder's authority has signed works on this folder. */
async function isServedFrom(caFile: string, port: number): Promise<boolean> {
  const socket = connect({ host: 'localhost', port, ca: readFileSync(caFile) })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(longestHandshakeMs) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
