const pattern = /^(?:(\d+)\.)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,7}))?)?$/

/** Milliseconds of a .NET TimeSpan text (`[d.]hh:mm[:ss[.fffffff]]`); undefined for any other text. */
export function parseTimeSpan(text: string): number | undefined {
  const match = pattern.exec(text)
  if (!match) return undefined
  const [days, hours, minutes, seconds] = [match[1], match[2], match[3], match[4]].map((part) =>
    Number(part ?? 0),
  )
  const fraction = Number(`0.${match[5] ?? '0'}`)
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return undefined
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0) + fraction) * 1000
}
