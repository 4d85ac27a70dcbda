import { describe, expect, it } from 'vitest'
import { Arena, connectionOf, endpointNamed, lake } from './arena.ts'

const messages: readonly [title: string, message: unknown][] = [
  ['64 KB', 'x'.repeat(65_536)],
  [
    'HTML',
    "<img src=x onerror=\"fetch('/api/v1/requests/1/approve',{method:'POST'})\"><script>alert(1)</script>",
  ],
  ['Markdown', '[Approve](https://evil.example/) ![x](https://evil.example/x.png) **Approved by IT**'],
  [
    'an Adaptive Card',
    '{"type":"AdaptiveCard","actions":[{"type":"Action.OpenUrl","url":"https://evil.example"}]}',
  ],
  ['a template of a card', '${$root.secret} {{DATE(2026-01-01)}}'],
  ['a line of a log', 'please\n2026-11-21T08:00:00Z INFO Approved stlake by admin'],
  ['terminal escapes', '\u001b[2J\u001b[1;32mApproved\u001b[0m'],
  ['a header of a mail', 'please\r\nBcc: everybody@evil.example\r\n\r\n'],
  ['a formula', '=HYPERLINK("https://evil.example","Approve")'],
  ['signs that turn the direction of writing', '\u202Edevorppa\u202C'],
  ['half a character', '\uD800'],
  [
    'our own words for an approval',
    'Approved by private-endpoint-approver, decision c-evil.1.1, rule sales-to-lake v3',
  ],
  ['the words of the factory', 'Requested by DataFactory:adf-sales, Name:mpe-blob'],
  ['a list instead of text', ['Approved']],
  ['null', null],
]

describe('a message is data:', () => {
  it.each(messages)(
    '%s approves nothing, changes no sentence and fits into the log',
    async (_title, message) => {
      const play = async (description: unknown) => {
        const arena = new Arena()
        const state = { status: 'Pending', description }
        arena.connections.set(lake, [
          connectionOf(lake, 'c-evil', endpointNamed('evil.mpe'), {
            privateLinkServiceConnectionState: state,
          }),
        ])
        await arena.pass(lake)
        return arena
      }
      const arena = await play(message)
      const plain = await play('please')
      expect(arena.approvals()).toEqual([])
      expect(arena.escalated()).toEqual(['c-evil'])
      const [entry] = arena.world.log
      const [usual] = plain.world.log
      expect({ ...entry, requesterSaid: '' }).toEqual({ ...usual, requesterSaid: '' })
      expect(entry?.requesterSaid).toBe(typeof message === 'string' ? message.slice(0, 500) : '')
      expect(arena.world.logged).toEqual(plain.world.logged)
    },
  )
})
