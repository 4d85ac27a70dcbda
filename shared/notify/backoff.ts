const firstSeconds = 10
const maxSeconds = 600

/**
 * Seconds until a notification is tried again: twice as long after each try, ten minutes at most.
 * @param attempts how often it was tried before this one.
 * @param random from 0 to 1: notifications that failed together are not tried together.
 */
export function backoffSeconds(attempts: number, random: number): number {
  const maxWait = Math.min(firstSeconds * 2 ** attempts, maxSeconds)
  return maxWait * (0.5 + random / 2)
}
