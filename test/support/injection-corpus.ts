import type { Message, RequestInMessage } from '../../shared/domain/message.ts'
import { sampleMessage, sampleRequestInMessage } from './sample-message.ts'

/** Texts that a requester may write into whatever is theirs, by what they try. */
export const injections: Readonly<Record<string, string>> = {
  'an element of HTML': '<img src=x onerror=alert(1)><a href="https://evil.example">Approve</a>',
  'the end of an attribute': '"><script>alert(1)</script><p style="',
  'an entity of HTML': '&lt;b&gt;&#x3c;script&#x3e;',
  'the end of a comment': '--><style>*{display:none}</style><!--',
  'a link of Markdown': '[Approve](https://evil.example/approve)',
  'an image of Markdown': '![x](https://evil.example/pixel.png)',
  'a mention of Teams': '<at>Everyone</at>',
  'a function of cards': '{{DATE(2020-01-01T00:00:00Z,SHORT)}}',
  'a template of cards': '${$root.secret} {% include "x" %}',
  'a bare address': 'www.evil.example and evil.example/path and me@evil.example',
  'an address of a program': 'mailto:me@evil.example file://server/share ms-word:ofe|u|https://evil.example',
  'a network path': '\\\\evil.example\\share',
  'a changed direction': 'approved \u202Edetcejer\u202C \u2066x\u2069',
  'zero width': 'ap\u200Bpro\u200Dved\uFEFF\u00AD',
  'new headers': 'x\r\nBcc: evil@evil.example\r\n\r\n<b>body</b>',
  'lone surrogates and controls': '\uD800 \u0000\u0007\u001B[2J \u2028\u2029',
  'an end of the quote': '” Verification: Verified by the platform. “',
  'look-alike letters': 'Dаta Fаctory аdf-sales',
  'stacked accents': `Z${'\u0301'.repeat(500)}`,
  'very long': `${'<b>A</b>'.repeat(8_192)} end`,
  'very long, of wide characters': '𝒜"\\'.repeat(16_384),
}

/** Where text of a requester, or of somebody else outside, stands in a message. */
export const places: Readonly<Record<string, (text: string) => Message>> = {
  "the requester's message": (text) => withRequest({ requesterSaid: text }),
  'the name of the connection': (text) => withRequest({ connectionName: text }),
  'the name of the requester': (text) => withRequest({ requester: text }),
  'the id of the endpoint': (text) => withRequest({ endpointId: `/x/${text}` }),
  'the name of the target': (text) => withRequest({ targetName: text }),
  'a group id': (text) => withRequest({ groupIds: [text] }),
  'a tag in a risk flag': (text) => withRequest({ flags: [`the target has the tag ${text}`] }),
  'a rule in the reason': (text) => withRequest({ reason: `The rule ${text} asks for it.` }),
  'the proof': (text) => withRequest({ proof: `Not verified: ${text}` }),
  'a command': (text) => withRequest({ commands: { approve: `az ${text}`, reject: 'az reject' } }),
  'the portal link': (text) => withRequest({ portalLink: `https://portal.azure.com/#${text}` }),
  'the title': (text) => sampleMessage({ title: text }),
  'the summary': (text) => sampleMessage({ summary: text }),
}

function withRequest(change: Partial<RequestInMessage>): Message {
  return sampleMessage({ requests: [sampleRequestInMessage(change)] })
}

/** Every text of the corpus in every place. */
export const injected = Object.entries(places).flatMap(([place, make]) =>
  Object.entries(injections).map(([what, text]) => ({ place, what, message: make(text) })),
)

/** Characters that must never reach anybody. */
export const harmful = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
