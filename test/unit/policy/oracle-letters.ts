const everyLetter = Array.from({ length: 0x1_f000 }, (_, code) => String.fromCodePoint(code)).filter(
  (letter) => !/[\p{ASCII}\p{Surrogate}]/u.test(letter),
)

/** By the capital that .NET gives a letter; letters that have none of their own stand alone. */
const byCapital = Map.groupBy(everyLetter, capitalOf)

/** Every letter that .NET takes for this one, which is none of A to Z. */
export function lettersLike(letter: string): readonly string[] {
  return byCapital.get(capitalOf(letter)) ?? [letter]
}

/** `toUpperCase` makes several letters of some; those are paired by their small letter. */
function capitalOf(letter: string): string {
  const capital = letter.toUpperCase()
  if (/^\p{ASCII}/u.test(capital) && capital.length === letter.length) return letter
  return capital.length === letter.length ? capital : letter.toLowerCase()
}
