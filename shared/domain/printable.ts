const maxTextLength = 140
const invisible = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu
const beyondAscii = /[^ -~]/u
const plainWord = /^[A-Za-z0-9._=:/@+-]+$/
/** Line ends between its parts stay. */
const invisibleInJson = /(?![\n\r\t])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

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

/** As `visible`, of a text that has lines of its own: their ends stay. */
export function visibleLines(text: string): string {
  return text.replaceAll('\r\n', '\n').split('\n').map(visible).join('\n')
}

/**
 * Words of others for one of our sentences, printable: in quotes, so that nobody takes them for our own. One plain word,
 * such as a status, needs none.
 */
export function quoted(text: string): string {
  return plainWord.test(text) ? printable(text) : `"${printable(text.replaceAll('"', "'"))}"`
}

/** JSON in which characters that are invisible or change the text direction are escaped. It stays the same JSON. */
export function visibleJson(json: string): string {
  return json.replace(invisibleInJson, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(''),
  )
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}

/** A name, made printable; with a remark when it holds letters that look like others. */
export function printableName(name: string): string {
  return beyondAscii.test(name) ? `${printable(name)} (not only plain letters)` : printable(name)
}
