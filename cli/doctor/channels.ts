import { type CheckRun, skipped } from './check.ts'

/** Channels are defined in the rule file; `allow-list check` reads it, and the app logs what it cannot use. */
export const checkChannels: CheckRun = () =>
  Promise.resolve(
    skipped(
      'The doctor sends no message; the app logs a channel that it cannot use with the metric "notification.route".',
      'Alert on log lines with the metrics "notification", "notification.route" and "notification.nobody".',
    ),
  )
