/** True for storage on this machine: only the emulator may be reached over http. */
export function isEmulator(connectionString: string): boolean {
  const endpoint = /TableEndpoint=([^;]+)/i.exec(connectionString)?.[1]
  const host = endpoint && URL.canParse(endpoint) ? new URL(endpoint).hostname : ''
  const isLoopback = ['127.0.0.1', 'localhost', '[::1]'].includes(host)
  return isLoopback || /UseDevelopmentStorage=true/i.test(connectionString)
}
