import { expect, it } from 'vitest'
import { NotificationLines } from '../../../shared/channels/log/notification-lines.ts'
import {
  sampleConnection,
  sampleNotification,
  sampleTarget,
  sampleTime,
} from '../../support/sample-request.ts'

const caseId = '0123456789abcdef0123.1.1'

it.each([
  [{}, 'warn A request waits for manual review.'],
  [{ severity: 'alarm' }, 'error A request waits for manual review: something happened that should not.'],
  [
    { severity: 'alarm', connectionId: undefined },
    'error The connections of a target cannot be read; manual review is needed.',
  ],
  [
    { severity: 'alarm', caseId },
    'error Too many requests came at once; they wait for manual review as one case.',
  ],
  [{ caseId }, 'warn Too many requests came at once; they wait for manual review as one case.'],
] as const)('a notification of %j is the line %j with its facts', async (change, line) => {
  const lines: unknown[] = []
  const log = (level: string) => (message: string, facts?: Record<string, unknown>) => {
    lines.push(`${level} ${message}`, facts)
  }
  const notificationLog = new NotificationLines({ info: log('info'), warn: log('warn'), error: log('error') })
  await notificationLog.write(sampleNotification({ id: 'n', ...change }))
  expect(lines).toEqual([
    line,
    {
      metric: 'notification',
      id: 'n',
      decisionId: 'd',
      code: 'no-rule-matched',
      sentence: 'No rule matched.',
      target: sampleTarget.id,
      connection: 'connectionId' in change ? undefined : sampleConnection.id.id,
      since: sampleTime,
      caseId: 'caseId' in change ? caseId : undefined,
    },
  ])
})

it.each([
  [{ kind: 'outcome' }, 'info A request of which people were notified has ended.', 'notification.outcome'],
  [
    { kind: 'outcome', expiresAt: sampleTime },
    'info Nobody decided a request in time; it stays Pending.',
    'notification.outcome',
  ],
  [{ kind: 'reminder' }, 'warn A request still waits for manual review.', 'notification.reminder'],
] as const)('of %j the line is %j, with the metric %s', async (change, line, metric) => {
  const lines: unknown[] = []
  const log = (level: string) => (message: string, facts?: Record<string, unknown>) => {
    lines.push([`${level} ${message}`, facts?.['metric']])
  }
  const written = new NotificationLines({ info: log('info'), warn: log('warn'), error: log('error') })
  await written.write(sampleNotification(change))
  expect(lines).toEqual([[line, metric]])
})
