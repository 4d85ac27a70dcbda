import { logLevels } from './rpc.ts'
import type { LogEntry, LogLevel } from './rpc.ts'

export type Log = (level: LogLevel, category: string, message: string) => void

/**
 * Writes the log entries that host.json allows, as lines. The level is that of the longest category in host.json that
 * the entry's category begins with, in letters of any case (filter rules of .NET), else "default", else information.
 */
export function createLog(levels: Record<string, LogLevel>, write: (line: string) => void): Log {
  return (level, category, message) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(threshold(levels, category))) return
    write(formatEntry({ level, category, message }))
  }
}

function threshold(levels: Record<string, LogLevel>, category: string): LogLevel {
  const named = Object.keys(levels)
    .filter((name) => category.toLowerCase().startsWith(name.toLowerCase()))
    .sort((a, b) => b.length - a.length)[0]
  return (named === undefined ? levels['default'] : levels[named]) ?? 'information'
}

function formatEntry({ level, category, message }: LogEntry): string {
  return `${new Date().toISOString()} ${level.padEnd(11)} ${category}: ${message}`
}
