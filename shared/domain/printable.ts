const maxTextLength = 140
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const beyondAscii = /[^ -~]/u

/**
 * Characters that no text of a rule or a file holds, as a part of a pattern: control characters, halves of
 * characters, what some take for the end of a line, and what turns the direction of reading around.
 */
export const notText = '\\p{Cc}\\p{Cs}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069\\uFEFF\\uFFFE\\uFFFF'

/**
 * Text that somebody else wrote, made fit to be read beside our own words: characters that do not show or that
 * change the direction of reading become `�`, and it is cut to 140 characters.
 */
export function printable(text: string): string {
  const characters = Array.from(visible(text))
  return characters.length > maxTextLength
    ? `${characters.slice(0, maxTextLength - 1).join('')}…`
    : characters.join('')
}

/** As `printable`, at full length: for sentences of our own that quote somebody. */
export function visible(text: string): string {
  return text.replace(invisible, '\uFFFD')
}

/** A name, made printable; says so when it holds letters that can pass for others. */
export function printableName(name: string): string {
  return beyondAscii.test(name) ? `${printable(name)} (not only plain letters)` : printable(name)
}
