import { describe, expect, it } from 'vitest'
import { parseDuration, parseTime } from '../../../shared/domain/time.ts'

describe('a time', () => {
  it.each([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2027-01-31T08:05:09Z', '2027-01-31T08:05:09.000Z'],
    ['2027-01-31T23:59:59.9999999Z', '2027-01-31T23:59:59.999Z'],
  ])('is read from %s', (text, time) => {
    expect(parseTime(text)?.toISOString()).toBe(time)
  })

  it.each([
    '',
    '2027',
    '2027-01',
    '2027-1-31',
    '2027-02-29',
    '2027-02-30',
    '2027-13-01',
    '2027-00-01',
    '2027-01-31T24:00:00Z',
    '2027-01-31T08:60:00Z',
    '2027-01-31T08:00Z',
    '2027-01-31T08:00:00',
    '2027-01-31T08:00:00+01:00',
    '2027-01-31T08:00:00.12345678Z',
    '2027-01-31 08:00:00Z',
    ' 2027-01-31',
    '2027-01-31\n',
    '31.01.2027',
    '+002027-01-31',
  ])('is not %j', (text) => {
    expect(parseTime(text)).toBeUndefined()
  })
})

describe('a duration', () => {
  it.each([
    ['P1D', 86_400_000],
    ['P90D', 7_776_000_000],
    ['PT1H', 3_600_000],
    ['PT36H', 129_600_000],
  ])('is read from %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each([
    '',
    '1',
    'P0D',
    'P01D',
    'P1.5D',
    'P1H',
    'PT1D',
    'P1M',
    'P1W',
    'PT1M',
    'P1DT1H',
    'p1d',
    '-P1D',
    'P10000D',
    'P1D\n',
  ])('is not %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})
