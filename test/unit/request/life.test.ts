import { describe, expect, it } from 'vitest'
import { life } from '../../../shared/request/life.ts'
import { rowName } from '../../../shared/request/table.ts'
import { alone, lineOf, open, stepOf } from './given.ts'
import { applyingRows, decidedRows, wholeTargetRows } from './rows-applying.ts'
import { choiceRows, chosenRows } from './rows-choice.ts'
import { countedRows, evaluatedRows, waitingRows } from './rows-waiting.ts'

const examples = [
  ...waitingRows,
  ...choiceRows,
  ...evaluatedRows,
  ...countedRows,
  ...applyingRows,
  ...decidedRows,
  ...wholeTargetRows,
  ...chosenRows,
]

describe('the life of a request has an example for each row', () => {
  it('in the order of the table', () => {
    expect(examples.map(({ row }) => row)).toEqual(life.map(rowName))
  })

  it.each(examples)('$row: $then', (example) => {
    const step = stepOf(example)
    expect(step.row).toBe(example.row)
    expect(lineOf(example)).toBe(example.then)
    const { change, reason } = step.draft ?? {}
    expect([change, reason?.sentence].filter(Boolean).join(' ')).toBe(example.says ?? '')
    const shown = life.find((row) => rowName(row) === example.row)
    expect([shown?.writes?.entry, shown?.writes?.to, shown?.effect]).toEqual([
      step.draft?.kind,
      step.draft?.state.name,
      step.effect.kind,
    ])
  })
})

describe('a row', () => {
  it('applies to its own event only', () => {
    const others = life.filter(({ on, from }) => on !== 'gone' && from.includes('open'))
    expect(others.filter((row) => row.applies(open(), { kind: 'gone' }, alone))).toEqual([])
  })

  it('asks for no wait unless it says so', () => {
    const gone = life.find(({ on }) => on === 'gone')
    expect(gone?.afterSeconds(open(), { kind: 'gone' }, alone)).toBe(0)
  })
})
