/** A wait that can be cut short. An `end` without a wait ends the next wait at once. */
export function createPause() {
  let timer: NodeJS.Timeout | undefined
  let ended = false
  let resume: (() => void) | undefined

  function end(): void {
    ended = true
    resume?.()
  }

  async function wait(ms: number): Promise<void> {
    if (!ended) {
      await new Promise<void>((resolve) => {
        resume = resolve
        timer = setTimeout(resolve, ms)
      })
    }
    clearTimeout(timer)
    resume = undefined
    ended = false
  }

  return { wait, end }
}
