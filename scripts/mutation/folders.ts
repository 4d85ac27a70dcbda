/** A folder whose tests are checked with mutants. */
export interface MutatedFolder {
  readonly mutate: readonly string[]
  /** Fast tests by example, each a sentence of behaviour. */
  readonly tests: readonly string[]
  /** Random and exhaustive tests of the folder: a mutant that only they kill shows that a sentence is missing. */
  readonly leftOut: readonly string[]
  /** The minimum score; `reasons`: every survivor has its reason in docs/mutation-testing.md. */
  readonly goal: number | 'reasons'
}

export const mutatedFolders = {
  policy: {
    mutate: ['shared/policy/**/*.ts', 'shared/domain/prepared-rule.ts'],
    tests: ['test/unit/policy/*.test.ts', 'test/unit/burst/window.test.ts'],
    leftOut: [],
    goal: 'reasons',
  },
  request: {
    mutate: ['shared/request/**/*.ts'],
    tests: ['test/unit/request/*.test.ts'],
    leftOut: ['test/unit/request/*-properties.test.ts'],
    goal: 'reasons',
  },
  review: {
    mutate: ['shared/review/**/*.ts'],
    tests: ['test/unit/review/*.test.ts'],
    leftOut: [],
    goal: 90,
  },
  ledger: {
    mutate: ['shared/ledger/**/*.ts'],
    tests: ['test/unit/ledger/*.test.ts'],
    leftOut: [],
    goal: 90,
  },
} as const satisfies Record<string, MutatedFolder>

export type FolderName = keyof typeof mutatedFolders

export const folderNames = Object.keys(mutatedFolders) as readonly FolderName[]

export function isFolderName(text: string): text is FolderName {
  return (folderNames as readonly string[]).includes(text)
}

/** The folder that Stryker and Vitest are run for: MUTATED_FOLDER, which `npm run mutate` sets. */
export function mutatedFolder(): { readonly name: FolderName } & MutatedFolder {
  const name = process.env['MUTATED_FOLDER'] ?? ''
  if (!isFolderName(name)) throw new Error(`MUTATED_FOLDER is not one of ${folderNames.join(', ')}.`)
  return { name, ...mutatedFolders[name] }
}
