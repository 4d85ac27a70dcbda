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

/** A test of whole texts without regard to the case of A–Z; every other letter stands for itself alone. */
export type TextTest = (text: string) => boolean

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

/** A test for the scope itself and everything under it. */
export function coveredBy(scopeText: string): TextTest {
  return testOf(new RegExp(`^${glob(scopeText)}(?:/|$)`))
}

/** A test for names that fit a pattern with `*`. */
export function fitting(namePattern: string): TextTest {
  return testOf(new RegExp(`^${glob(namePattern)}$`))
}

/** A test for any of the texts. */
export function oneOf(texts: readonly string[]): TextTest {
  return testOf(new RegExp(`^(?:${texts.map(anyCase).join('|')})$`))
}

/** A test for texts that pass one of the tests. */
export function anyOf(tests: readonly TextTest[]): TextTest {
  return (text) => tests.some((test) => test(text))
}

/** True for texts that differ at most in the case of A–Z. */
export function isSame(a: string, b: string): boolean {
  return inCapitals(a) === inCapitals(b)
}

/** What follows the last `/`. */
export function lastNameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

function glob(text: string): string {
  return text.split('*').map(anyCase).join('[^/]*')
}

function anyCase(text: string): string {
  return text
    .replace(/[\\^$.|?+*()[\]{}]/g, String.raw`\$&`)
    .replace(/[a-zA-Z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`)
}

function inCapitals(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}

function testOf(expression: RegExp): TextTest {
  return (text) => expression.test(text)
}
