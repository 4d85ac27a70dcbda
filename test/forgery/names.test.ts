import { describe } from 'vitest'
import { fails } from './attack.ts'
import { type Arena, attackerSubscription, connectionOf, endpointNamed, lake } from './arena.ts'

/** The attacker was faster: only their connection is there, and the factory's own endpoint does wait. */
function instead(name: string, subscription?: string) {
  return ({ connections }: Arena) =>
    connections.set(lake, [connectionOf(lake, 'c-evil', endpointNamed(name, subscription))])
}

const inManagedNetwork: readonly [title: string, name: string][] = [
  ['another name of an endpoint after the right factory', 'adf-sales.mpe-other'],
  ['another factory before the right endpoint', 'adf-other.mpe-blob'],
  ['the factory’s name in capitals before a name it does not list', 'ADF-SALES.mpe-other'],
  ['a dot at the end', 'adf-sales.mpe-blob.'],
  ['a dot at the beginning', '.adf-sales.mpe-blob'],
  ['two dots', 'adf-sales..mpe-blob'],
  ['a factory that only begins alike', 'adf-sales2.mpe-blob'],
  ['the factory as a prefix with a name of its own', 'adf-sales.evil.mpe-blob'],
  ['the whole name as the end of another', 'x.adf-sales.mpe-blob'],
  ['no dot at all', 'adf-sales-mpe-blob'],
  ['a name cut short by one letter', 'adf-sales.mpe-blo'],
  ['a name one letter longer', 'adf-sales.mpe-blobs'],
  ['nothing behind the dot', 'adf-sales.'],
  ['a Cyrillic a in the factory', '\u0430df-sales.mpe-blob'],
  ['a long s, which is S in capitals', 'adf-\u017Fales.mpe-blob'],
  ['a dotless i in the endpoint', 'adf-sales.mpe-bl\u0131b'],
  ['full-width letters', '\uFF41\uFF44\uFF46-sales.mpe-blob'],
  ['a letter with its accent apart', 'adf-sale\u0301s.mpe-blob'],
  ['a full-width dot', 'adf-sales\uFF0Empe-blob'],
]

describe('a look-alike in the managed network is not approved:', () => {
  for (const [title, name] of inManagedNetwork) {
    fails({ title, prepare: instead(name) })
  }
})

/** ARM names hold none of these: an id with one of them is not read at all, and names no endpoint. */
const inNoName: readonly [title: string, name: string][] = [
  ['a zero-width space', 'adf-sales\u200B.mpe-blob'],
  ['a zero-width joiner', 'adf-\u200Dsales.mpe-blob'],
  ['the sign that turns the direction of writing', '\u202Eadf-sales.mpe-blob'],
  ['a hyphen that is another sign', 'adf\u2010sales.mpe-blob'],
  ['a dot as an escape', 'adf-sales%2Empe-blob'],
  ['a space behind the dot', 'adf-sales. mpe-blob'],
  ['a line feed at the end', 'adf-sales.mpe-blob\n'],
  ['a NUL at the end', 'adf-sales.mpe-blob\u0000'],
]

describe('a name that ARM would not take is not approved:', () => {
  for (const [title, name] of inNoName) fails({ title, prepare: instead(name) })
})

describe('the right name outside the managed network is not approved:', () => {
  fails({
    title: 'in a foreign tenant, which may choose any name',
    prepare: instead('adf-sales.mpe-blob', attackerSubscription),
    refusal: 'tenant-not-managed',
  })
  fails({
    title: 'in a subscription whose owner nobody names',
    prepare: (arena) => {
      arena.tenants.delete(attackerSubscription)
      instead('adf-sales.mpe-blob', attackerSubscription)(arena)
    },
    refusal: 'tenant-unknown',
  })
})
