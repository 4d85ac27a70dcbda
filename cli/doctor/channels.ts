import { type CheckRun, skipped } from './check.ts'

/** Channels are defined in the rule file; `allow-list check` reads it, and the app logs what it cannot use. */
export const checkChannels: CheckRun = () =>
  Promise.resolve(
    skipped(
      'The doctor sends no message: each notification is a log line with the metric "notification", and a channel that cannot be used is one with "notification.route".',
      'Alert on log lines with the metrics "notification", "notification.route" and "notification.nobody".',
    ),
  )
