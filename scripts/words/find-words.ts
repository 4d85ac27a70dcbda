import { basename, extname } from 'node:path'
import ts from 'typescript'
import type { Exception, ReplacedWord } from './replaced-words.ts'

export interface Finding {
  readonly file: string
  /** From 1; 0 when it is the name of the file. */
  readonly line: number
  readonly kind: 'identifier' | 'code' | 'key' | 'setting' | 'file'
  readonly name: string
  readonly say: string
}

interface Name extends Omit<Finding, 'file' | 'say'> {
  readonly words: readonly string[]
}

/** The replaced words in one file: in its name, and in names inside it. Sentences and comments are not checked. */
export function findWords(file: string, text: string, replaced: readonly ReplacedWord[]): readonly Finding[] {
  const names = [...fileName(file), ...(mayHold(text, replaced) ? namesIn(file, text) : [])]
  return names.flatMap(({ words, ...name }) =>
    replaced
      .filter((word) => holds(words, word, name.kind))
      .slice(0, 1)
      .map(({ say }) => ({ file, ...name, say })),
  )
}

/** Most files contain no such word, not even in a sentence; parsing them would take most of the time. */
function mayHold(text: string, replaced: readonly ReplacedWord[]): boolean {
  const lower = text.toLowerCase()
  return replaced.some(({ forms }) => forms.some((form) => lower.includes(form.split(' ')[0] ?? form)))
}

/** Findings without an exception, and exceptions without a finding. */
export function withExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
): { readonly left: readonly Finding[]; readonly unused: readonly Exception[] } {
  return {
    left: findings.filter((finding) => !exceptions.some((exception) => covers(exception, finding))),
    unused: exceptions.filter((exception) => !findings.some((finding) => covers(exception, finding))),
  }
}

function covers({ path, name }: Exception, finding: Finding): boolean {
  return finding.file.includes(path ?? '') && (name === undefined || name === finding.name)
}

function holds(words: readonly string[], { forms, isFirst }: ReplacedWord, kind: Finding['kind']): boolean {
  if (isFirst === true) return kind === 'identifier' && forms.includes(words[0] ?? '')
  const all = ` ${words.join(' ')} `
  return forms.some((form) => all.includes(` ${form} `))
}

function fileName(file: string): readonly Name[] {
  return file.split('/').map((name) => ({ line: 0, kind: 'file', name, words: wordsOf(name) }))
}

function namesIn(file: string, text: string): readonly Name[] {
  switch (extname(file)) {
    case '.ts':
    case '.js':
    case '.mjs':
    case '.cjs':
      return namesInCode(file, text)
    case '.json':
      return namesInCode(file, `(${text})`)
    case '.yaml':
    case '.yml':
      return namesInYaml(text)
    default:
      return []
  }
}

function namesInCode(file: string, text: string): readonly Name[] {
  const source = ts.createSourceFile(`${basename(file)}.ts`, text, ts.ScriptTarget.Latest, true)
  const names: Name[] = []
  visit(source)
  return names

  function visit(node: ts.Node): void {
    const name = nameOf(node)
    if (name) {
      const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
      names.push({ line, ...name, words: wordsOf(name.name) })
    }
    ts.forEachChild(node, visit)
  }
}

function nameOf(node: ts.Node): Pick<Name, 'kind' | 'name'> | undefined {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return named(node.text, 'identifier')
  if (ts.isTemplateExpression(node) || ts.isTemplateLiteralTypeNode(node)) {
    const parts = [node.head, ...node.templateSpans.map(({ literal }) => literal)].map(({ text }) => text)
    return isCode(parts.join('.')) ? named(parts.join(hole), 'code') : undefined
  }
  if (!ts.isStringLiteralLike(node) || !isCode(node.text) || isModule(node)) return undefined
  const isKey = ts.isPropertyAssignment(node.parent) && node.parent.name === node
  return named(node.text, isKey ? 'key' : 'code')
}

/** What stands for a value in the name that a template makes. */
const hole = '${…}'

function named(name: string, otherwise: 'identifier' | 'code' | 'key'): Pick<Name, 'kind' | 'name'> {
  return { kind: /^[A-Z]{2,}(_[A-Z0-9]+)+$/.test(name) ? 'setting' : otherwise, name }
}

/** A code is one word, or several joined by signs; a path or a sentence is not a code. */
function isCode(text: string): boolean {
  return /^[\w:.-]+$/.test(text)
}

function isModule({ parent }: ts.Node): boolean {
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)
}

function namesInYaml(text: string): readonly Name[] {
  return text.split('\n').flatMap((line, index) => {
    const [, key, value] = /^[\s-]*(?:([\w-]+):)?\s*([\w.-]+)?\s*$/.exec(line) ?? []
    return [
      { kind: 'key' as const, name: key },
      { kind: 'code' as const, name: value },
    ].flatMap(({ kind, name }) =>
      name === undefined ? [] : [{ line: index + 1, kind, name, words: wordsOf(name) }],
    )
  })
}

/** `keptBackBy` and `KEPT_BACK-by` are both `kept back by`; `kept2` is `kept 2`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll(/(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean)
}
