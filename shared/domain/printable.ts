const maxTextLength = 140
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const beyondAscii = /[^ -~]/u

/** Lone surrogates, as part of a pattern with the flag `u`; without it, halves of pairs are found, too. */
export const loneSurrogates = '\\uD800-\\uDFFF'

/**
 * Characters that are refused in rules and files, as part of a pattern with the flag `u`: control characters, unusual
 * line ends, characters that change the text direction, and lone surrogates.
 */
export const notText = `\\u0000-\\u001F\\u007F-\\u009F\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069\\uFEFF\\uFFFE\\uFFFF${loneSurrogates}`

/**
 * Text from outside, made safe to show: invisible characters and those that change the text direction become `�`, and
 * it is cut to 140 characters.
 */
export function printable(text: string): string {
  const characters = Array.from(visible(text))
  return characters.length > maxTextLength
    ? `${characters.slice(0, maxTextLength - 1).join('')}…`
    : characters.join('')
}

/** As `printable`, at full length: for our own sentences with quotes in them. */
export function visible(text: string): string {
  return text.replace(invisible, '\uFFFD')
}

/** A name, made printable; with a remark when it holds letters that look like others. */
export function printableName(name: string): string {
  return beyondAscii.test(name) ? `${printable(name)} (not only plain letters)` : printable(name)
}
