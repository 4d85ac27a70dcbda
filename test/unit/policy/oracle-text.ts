import { lettersLike } from './oracle-letters.ts'

const guid = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'
const name = String.raw`(?!\.{1,2}(?:/|$))[\p{L}\p{N}._()-]+`
const pattern = String.raw`(?!\.{1,2}(?:/|$))(?![^/]*\*\*)[\p{L}\p{N}._()*-]+`
const typeName = '[A-Za-z0-9.]+'
const subscription = `/${anyCase('subscriptions')}/${guid}`
const group = `/${anyCase('resourceGroups')}`
const provider = `/${anyCase('providers')}`

const scope = new RegExp(
  `^${subscription}(?:${group}/${pattern}(?:${provider}/${typeName}(?:/${typeName}/${pattern})+)?)?$`,
  'u',
)

/** A test of whole texts. */
export type TextTest = (text: string) => boolean

/** How texts are compared: which letters one letter of a rule stands for. */
export interface Spelling {
  /** A test for the scope itself and everything under it. */
  readonly coveredBy: (scopeText: string) => TextTest
  /** A test for names that fit a pattern with `*`. */
  readonly fitting: (namePattern: string) => TextTest
  /** A test for any of the texts. */
  readonly oneOf: (texts: readonly string[]) => TextTest
  readonly isSame: (a: string, b: string) => boolean
}

/** As Azure compares: without regard to the case of any letter. */
export const alike = spellingBy(lettersOf)
/** Without regard to the case of A–Z; every other letter stands for itself alone. */
export const strict = spellingBy((letter) => (/[a-zA-Z]/.test(letter) ? lettersOf(letter) : [letter]))

/** True for a subscription, group or resource, with `*` in names only. */
export function isScope(text: string): boolean {
  return text.length <= 1024 && scope.test(text)
}

const managementGroup = new RegExp(
  String.raw`^${anyCase('/providers/Microsoft.Management/managementGroups/')}([\p{L}\p{N}._()-]{1,90})$`,
  'u',
)

/** The name in the id of a management group; undefined for any other text. */
export function managementGroupOf(text: string): string | undefined {
  return managementGroup.exec(text)?.[1]
}

/** A test for ids of top-level resources of these types. */
export function resourceOf(types: readonly string[]): TextTest {
  const anyType = types.map(anyCase).join('|')
  const expression = new RegExp(`^${subscription}${group}/${name}${provider}/(?:${anyType})/${name}$`, 'u')
  return (text) => text.length <= 1024 && expression.test(text)
}

/** A test for ids of this form outside of Azure Resource Manager; `*` stands for a GUID. */
export function outsideOfGroups(form: string): TextTest {
  return testOf(new RegExp(`^${form.split('*').map(anyCase).join(guid)}$`))
}

/** A test for texts that pass one of the tests. */
export function anyOf(tests: readonly TextTest[]): TextTest {
  return (text) => tests.some((test) => test(text))
}

/** What follows the last `/`. */
export function lastNameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

function spellingBy(lettersFor: (letter: string) => readonly string[]): Spelling {
  const lettersOnce = remembered(lettersFor)
  const spelledOnce = remembered((letter: string) => anyOfLetters(lettersFor(letter)))
  const spelled = (text: string): string => Array.from(text, spelledOnce).join('')
  const glob = (text: string): string => text.split('*').map(spelled).join('[^/]*')
  return {
    coveredBy: (scopeText) => testOf(new RegExp(`^${glob(scopeText)}(?:/|$)`, 'u')),
    fitting: (namePattern) => testOf(new RegExp(`^${glob(namePattern)}$`, 'u')),
    oneOf: (texts) => testOf(new RegExp(`^(?:${texts.map(spelled).join('|')})$`, 'u')),
    isSame(a, b) {
      if (a.length !== b.length) return false
      const others = Array.from(b)
      return Array.from(a).every((letter, index) => lettersOnce(letter).includes(others[index] ?? ''))
    },
  }
}

function remembered<T>(find: (letter: string) => T): (letter: string) => T {
  const known = new Map<string, T>()
  return (letter) => {
    const found = known.get(letter) ?? find(letter)
    known.set(letter, found)
    return found
  }
}

function anyCase(text: string): string {
  return Array.from(text, (letter) => anyOfLetters(lettersOf(letter))).join('')
}

function lettersOf(letter: string): readonly string[] {
  if (/[a-zA-Z]/.test(letter)) return [letter.toLowerCase(), letter.toUpperCase()]
  return letter <= '\u007F' ? [letter] : lettersLike(letter)
}

function anyOfLetters(letters: readonly string[]): string {
  const escaped = letters.map((letter) => letter.replace(/[\\^$.|?+*()[\]{}/]/g, String.raw`\$&`))
  return escaped.length === 1 ? escaped.join('') : `[${escaped.join('')}]`
}

function testOf(expression: RegExp): TextTest {
  return (text) => expression.test(text)
}
