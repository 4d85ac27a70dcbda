/** Where the Functions host puts a message that failed the maximum number of times. */
export function poisonQueueName<Name extends string>(queue: Name): `${Name}-poison` {
  return `${queue}-poison`
}
