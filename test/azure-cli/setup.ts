import { spawnSync } from 'node:child_process'

/** @throws Error when these tests have no Azure CLI to run. */
export default function setup(): void {
  if (spawnSync('az', ['version'], { stdio: 'ignore' }).status !== 0)
    throw new Error('These tests run the Azure CLI, and az is not on the PATH.')
}
