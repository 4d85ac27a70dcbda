import { X509Certificate } from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { generate } from 'selfsigned'

/** What an https server needs, and the path of the certificate to trust. */
export interface ServerCertificate {
  readonly key: string
  readonly cert: string
  readonly caFile: string
}

interface Pair {
  readonly key: string
  readonly cert: string
}

const day = 24 * 60 * 60 * 1000

/**
 * Reads the certificate authority and the server certificate from the folder, or creates them. Both survive restarts,
 * so that a client trusts `ca.pem` once; a certificate that ends within thirty days is renewed. Private keys are
 * readable by their owner only.
 */
export async function serverCertificate(folder: string): Promise<ServerCertificate> {
  const caFile = path.join(folder, 'ca.pem')
  const keyFolder = path.join(folder, 'azure-keys')
  await mkdir(keyFolder, { recursive: true, mode: 0o700 })
  const caKeyFile = path.join(keyFolder, 'ca-key.pem')
  const serverFile = path.join(keyFolder, 'server.pem')
  const serverKeyFile = path.join(keyFolder, 'server-key.pem')
  const heldAuthority = await readPair(caKeyFile, caFile)
  const authority = heldAuthority ?? (await makeAuthority())
  const heldServer = heldAuthority === undefined ? undefined : await readPair(serverKeyFile, serverFile)
  const server = heldServer ?? (await makeServer(authority))
  if (heldAuthority === undefined) await writePair(authority, caKeyFile, caFile)
  if (heldServer === undefined) await writePair(server, serverKeyFile, serverFile)
  return { key: server.key, cert: `${server.cert.trim()}\n${authority.cert}`, caFile }
}

/** Writes a secret file, readable by its owner only, atomically. */
export async function writeSecret(file: string, text: string): Promise<void> {
  await writeWhole(file, text, 0o600)
}

async function readPair(keyFile: string, certFile: string): Promise<Pair | undefined> {
  try {
    const [key, cert] = await Promise.all([readFile(keyFile, 'utf8'), readFile(certFile, 'utf8')])
    const ends = Date.parse(new X509Certificate(cert).validTo)
    return ends - Date.now() > 30 * day ? { key, cert } : undefined
  } catch {
    return undefined
  }
}

async function writePair(pair: Pair, keyFile: string, certFile: string): Promise<void> {
  await writeSecret(keyFile, pair.key)
  await writeWhole(certFile, pair.cert, 0o644)
}

async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const beside = `${file}.${process.pid}.new`
  await writeFile(beside, text, { mode })
  await chmod(beside, mode)
  await rename(beside, file)
}

async function makeAuthority(): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: 'Simulated Azure local CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 3650 * day),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return { key: made.private, cert: made.cert }
}

async function makeServer(authority: Pair): Promise<Pair> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: authority,
    notBeforeDate: new Date(Date.now() - day),
    notAfterDate: new Date(Date.now() + 800 * day),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  })
  return { key: made.private, cert: made.cert }
}
