// After "npm ci": builds the command line, so that npx finds it. An old Node is no reason for the install to fail.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 24 || (major === 24 && minor >= 2)) {
  await import('./build.ts')
} else {
  console.error(
    `Node ${process.versions.node} cannot build this; "npm run build" with Node 24.2 or newer does.`,
  )
}
