import { describe, expect, it } from 'vitest'
import { foreignShown, idShown, quoteShown, sentenceShown } from '../../../shared/channels/text/foreign.ts'
import { webLink } from '../../../shared/channels/text/links.ts'

describe('text from outside', () => {
  it.each([
    ['a plain name stays', 'stlake-01', 'stlake-01'],
    ['letters of every language stay', 'Zürich 東京', 'Zürich 東京'],
    ['a name with digits after its dot stays', 'stlake.4711', 'stlake.4711'],
    ['line ends become visible', 'a\r\nb', 'a\uFFFD\uFFFDb'],
    ['a changed direction becomes visible', 'a\u202Eb', 'a\uFFFDb'],
    ['zero width becomes visible', 'a\u200Bb', 'a\uFFFDb'],
    ['functions of cards are broken', '{{{DATE(x)}}', '{ { {DATE(x)}}'],
    ['templates are broken', '${x} {% x %}', '$ {x} { % x %}'],
    ['mentions are broken', '<at>All</AT>', '< at>All< /AT>'],
    ['an address is no link', 'https://evil.example/x', 'https[:]//evil[.]example/x'],
    ['an address without protocol is no link', 'www.evil.example', 'www[.]evil[.]example'],
    ['a mail address is no link', 'me@evil.example', 'me@evil[.]example'],
    ['a mailto is no link', 'mailto:me', 'mailto[:]me'],
    ['a network path is no link', '\\\\server\\x', '[\\]\\server\\x'],
    ['other dots are no links either', 'evil。example', 'evil[。]example'],
  ])('%s', (_, text, shown) => expect(foreignShown(text, 100)).toBe(shown))

  it('in a sentence of this app, types keep their dots', () => {
    expect(sentenceShown('Microsoft.Storage asks: https://x', 100)).toBe(
      'Microsoft.Storage asks: https[:]//x',
    )
  })

  it('as an id, it stays exact but for what nobody can see', () => {
    expect(idShown('/a/Microsoft.Storage/b:c\u200B', 100)).toBe('/a/Microsoft.Storage/b:c\uFFFD')
  })

  it('is cut by characters, not within one', () => {
    expect(idShown('𝒜'.repeat(11), 10)).toBe(`${'𝒜'.repeat(9)}…`)
    expect(idShown('𝒜'.repeat(10), 10)).toBe('𝒜'.repeat(10))
  })

  it('cannot close the quotes around it', () => {
    expect(quoteShown('a” b "c“', 100)).toBe("“a' b 'c'”")
  })
})

describe('a link', () => {
  it.each([
    ['https://a.example/b?c', 'https://a.example/b?c'],
    ['http://localhost:7071/review/x', 'http://localhost:7071/review/x'],
    ['javascript:alert(1)', undefined],
    ['data:text/html,x', undefined],
    ['https://user@evil.example/', undefined],
    ['no link', undefined],
    ['https://a.example/"><script>', 'https://a.example/%22%3E%3Cscript%3E'],
  ])('%s is sent as %s', (link, sent) => expect(webLink(link)).toBe(sent))
})
