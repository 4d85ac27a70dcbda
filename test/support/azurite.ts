/** A storage emulator of a test's own: in memory, on free ports. */
export { startAzurite, type Azurite } from '../../local/azurite.ts'
