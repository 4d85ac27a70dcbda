import { expect, it } from 'vitest'
import { timeShown } from '../../../shared/channels/text/times.ts'

it.each([
  ['no second zone', '2026-11-21T17:02:59.999Z', undefined, '2026-11-21 17:02 UTC'],
  ['winter', '2026-11-21T17:02:00Z', 'Europe/Berlin', '2026-11-21 17:02 UTC (18:02 Europe/Berlin)'],
  ['summer', '2026-07-21T17:02:00Z', 'Europe/Berlin', '2026-07-21 17:02 UTC (19:02 Europe/Berlin)'],
  [
    'the last minute of summer',
    '2026-10-25T00:59:00Z',
    'Europe/Berlin',
    '2026-10-25 00:59 UTC (02:59 Europe/Berlin)',
  ],
  [
    'the hour that comes twice',
    '2026-10-25T01:00:00Z',
    'Europe/Berlin',
    '2026-10-25 01:00 UTC (02:00 Europe/Berlin)',
  ],
  [
    'the hour that is left out',
    '2026-03-29T01:00:00Z',
    'Europe/Berlin',
    '2026-03-29 01:00 UTC (03:00 Europe/Berlin)',
  ],
  [
    'the next day there',
    '2026-11-21T23:30:00Z',
    'Europe/Berlin',
    '2026-11-21 23:30 UTC (2026-11-22 00:30 Europe/Berlin)',
  ],
  [
    'the day before there',
    '2026-01-01T02:00:00Z',
    'America/New_York',
    '2026-01-01 02:00 UTC (2025-12-31 21:00 America/New_York)',
  ],
  ['half an hour', '2026-11-21T17:02:00Z', 'Asia/Kolkata', '2026-11-21 17:02 UTC (22:32 Asia/Kolkata)'],
  ['midnight is 00', '2026-11-21T00:00:00Z', 'Africa/Abidjan', '2026-11-21 00:00 UTC (00:00 Africa/Abidjan)'],
  ['an unknown zone', '2026-11-21T17:02:00Z', 'Mars/Olympus', '2026-11-21 17:02 UTC'],
  ['no time', 'tomorrow', 'Europe/Berlin', 'an unknown time'],
])('%s', (_, time, zone, shown) => expect(timeShown(time, zone)).toBe(shown))
