// Written for any Node: says what is wrong before a newer syntax fails with a message nobody understands.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 24 || (major === 24 && minor < 2)) {
  console.error(
    `This needs Node 24.2 or newer and runs on ${process.versions.node}. On Linux x64 "npm ci" brings Node 24 along` +
      ' (leave optional packages on); elsewhere install Node 24.',
  )
  process.exit(1)
}
