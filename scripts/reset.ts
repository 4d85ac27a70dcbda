// Forgets the local state: npm run reset
import { rm } from 'node:fs/promises'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../.local')
await rm(folder, { recursive: true, force: true })
console.log(
  'The local state (.local/) is gone: storage, simulated Azure, keys and certificate. Stop "npm start" first if it runs.',
)
