/** What reads an output may close it (`| head`). That is no error, and no reason to stop a write midway. */
export function allowClosed(streams: readonly NodeJS.WritableStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
