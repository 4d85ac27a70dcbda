import { expect, it } from 'vitest'
import { lifeAsMarkdown, phaseWords } from '../../../shared/request/life-table.ts'

const lines = lifeAsMarkdown().split('\n')

it('the table has a head, a line for each row of the code and one for anything else', () => {
  expect(lines.slice(0, 2)).toEqual([
    '| From | Event | When | Log entry → state | Then |',
    '| --- | --- | --- | --- | --- |',
  ])
  expect(lines).toHaveLength(124)
  expect(lines.at(-1)).toBe('| any | anything else |  |  | come back while applying, else end |')
})

it.each([
  '| open, applying | the connection waits | another endpoint is shown | `observed` → **withdrawn** | take it as seen again |',
  '| applied | the connection waits | applied less than 60 s ago, same endpoint, passes follow |  | end |',
  '| applied | the connection waits | applied less than 60 s ago, same endpoint |  | come back |',
  '| any | the connection waits |  |  | evaluate |',
  '| unseen, finished | evaluated | escalate |  | count |',
  '| applied, decided-elsewhere, withdrawn | evaluated | approve or reject, same endpoint, on hold since an earlier episode |  | count as a question |',
  '| open | evaluated | decided by people, and refused by Azure since |  | end |',
  '| open, applying | evaluated | decided by people | `intent` → **applying** | read |',
  '| open | a person decides | rejects, or approves what nobody has rejected | `chosen` → **open** | end |',
  '| applying | evaluated | the same decision, by the same rule of the same list | `intent` → **applying** | read |',
  '| unseen, finished | counted, over a burst limit | escalate | `escalated` → **open** | end |',
  '| any | counted, within the burst limits | approve or reject | `intent` → **applying** | read |',
  '| applying | read, before the write | decided already |  | take it as decided in Azure |',
  '| applying | read, before the write | Pending, and the intent is this very decision |  | **write to Azure** |',
  '| applying | Azure is busy, or a read around the write failed |  | `deferred` → **applying** | come back |',
  '| applying | Azure is busy, or a read around the write failed | for 30 min | `result` → **open** | end |',
  '| applying | written, without a response |  | `deferred` → **applying** | come back |',
  '| applying | written, and Azure is still working on it |  | `deferred` → **applying** | come back |',
  '| applying | the list shows it, and a read shows something else |  | `deferred` → **applying** | come back |',
  '| applied | decided in Azure | Approved or Rejected by somebody else | `escalated` → **open** | end |',
  '| applying | Azure refuses |  | `result` → **open** | end |',
  '| applying | Azure says that it is gone |  |  | read |',
  '| applying | written |  |  | read back |',
  '| applying | and still shows it |  | `result` → **open** | end |',
  '| applying | read back, after the write | as meant | `result` → **applied** | end |',
  '| open, applying | decided in Azure | by us | `result` → **applied** | end |',
  '| applied, decided-elsewhere, withdrawn, open, applying | decided in Azure | only a list shows it, by which something would be recorded |  | compare with a read of it |',
  '| open, applying | gone |  | `observed` → **withdrawn** | end |',
  '| unseen, finished, open | the target cannot be read, or Azure has failed at it for half an hour |  |  | count |',
  '| unseen, finished, open | counted as a target, over a burst limit |  | `escalated` → **open** | end |',
  '| open | the target can be read |  | `observed` → **withdrawn** | end |',
])('has the line %s', (line) => {
  expect(lines).toContain(line)
})

it.each([
  { from: ['unseen'], words: 'unseen' },
  {
    from: ['unseen', 'applied', 'withdrawn', 'open', 'applying'],
    words: 'unseen, applied, withdrawn, open, applying',
  },
  { from: ['applied', 'decided-elsewhere', 'withdrawn'], words: 'applied, decided-elsewhere, withdrawn' },
  { from: ['unseen', 'applied', 'decided-elsewhere', 'withdrawn'], words: 'unseen, finished' },
  {
    from: ['applying', 'unseen', 'applied', 'decided-elsewhere', 'withdrawn'],
    words: 'unseen, finished, applying',
  },
  { from: ['open', 'applying'], words: 'open, applying' },
] as const)('calls the phases $from "$words"', ({ from, words }) => {
  expect(phaseWords(from)).toBe(words)
})
