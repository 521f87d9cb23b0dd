import * as z from 'zod'
import type { RouteSpec } from './route.ts'
import { AskedId, Instant, listOf } from './text.ts'

/** Levels of log entries that are kept. Debug is shown in test runs only. */
export const LogLevel = z.enum(['Info', 'Warn', 'Error'])
export type LogLevel = z.infer<typeof LogLevel>

/** One call of `console` by a function (`spec/platform.md` 11). */
export const LogEntry = z.object({
  functionId: z.string(),
  invocationId: z.string(),
  conversationId: z.string().optional(),
  recordId: z.string(),
  position: z.int(),
  at: Instant,
  level: LogLevel,
  message: z.string(),
  extras: z.array(z.unknown()),
})
export type LogEntry = z.infer<typeof LogEntry>

/** Which log entries to list. Absent members exclude nothing. */
export const LogFilter = z.object({
  functionId: AskedId.optional(),
  level: listOf(LogLevel),
  /** In the message, whatever its case. */
  text: z.string().max(200).optional(),
  invocationId: z.string().optional(),
  conversationId: z.string().optional(),
})
export type LogFilter = z.infer<typeof LogFilter>

const Window = { from: Instant.optional(), to: Instant.optional() }
const InAccount = z.object({ accountId: z.string() })
const base = '/api/v1/accounts/:accountId/logs'

export const listLogs = {
  method: 'GET',
  path: base,
  auth: 'log:read',
  summary: 'Log entries, newest first; the last day unless a window is given',
  params: InAccount,
  query: LogFilter.extend({
    ...Window,
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
  }),
  reply: z.object({ entries: z.array(LogEntry) }),
} as const satisfies RouteSpec

export const exportLogs = {
  method: 'GET',
  path: `${base}/export`,
  auth: 'log:read',
  audit: 'log.exported',
  summary: 'Log entries as CSV in the published form, or as JSON lines; oldest first',
  params: InAccount,
  query: LogFilter.extend({ ...Window, format: z.enum(['csv', 'jsonl']).default('csv') }),
  answers: ['text/csv', 'application/jsonl'],
} as const satisfies RouteSpec

export const tailLogs = {
  method: 'GET',
  path: `${base}/tail`,
  auth: 'log:read',
  summary: 'Log entries as server-sent events while they are written',
  params: InAccount,
  query: LogFilter,
  answers: ['text/event-stream'],
} as const satisfies RouteSpec
