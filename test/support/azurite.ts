export { type Azurite, startAzurite } from '../../local/azurite.ts'
