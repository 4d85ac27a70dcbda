/**
 * The beginning of a text that takes at most so many characters as part of JSON, where quotes count two and control
 * characters six. No character is split.
 */
export function cutStored(text: string, max: number): string {
  let stored = 0
  let end = 0
  for (const character of text) {
    stored += storedLength(character)
    if (stored > max) return text.slice(0, end)
    end += character.length
  }
  return text
}

/** Characters that a text takes as part of JSON. */
function storedLength(text: string): number {
  return JSON.stringify(text).length - 2
}
