const codes = { green: 32, red: 31, yellow: 33, grey: 90 } as const

/** True when standard output shows colours; `NO_COLOR` switches them off. */
export function showsColours(): boolean {
  return process.stdout.isTTY && process.env['NO_COLOR'] === undefined
}

/** Puts a text in a colour where colours are shown. */
export function coloured(text: string, colour: keyof typeof codes): string {
  return showsColours() ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text
}
