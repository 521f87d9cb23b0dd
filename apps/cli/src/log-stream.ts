import type { Session } from '@parley/client'
import { LogEntry, tailLogs } from '@parley/contract'
import { openEventStream, type StreamEvent } from './event-stream.ts'

/** What tells an entry apart from all others. */
export function logKeyOf({ recordId, position }: LogEntry): string {
  return `${recordId} ${position}`
}

/**
 * Log entries while they are written, until the server ends the connection or `signal` aborts.
 * @throws {RequestError} when the server refuses
 */
export async function openLogStream(
  session: Session,
  filter: object,
  signal?: AbortSignal,
): Promise<AsyncIterable<LogEntry>> {
  return entriesOf(await openEventStream(session, tailLogs, filter, signal))
}

async function* entriesOf(events: AsyncIterable<StreamEvent>): AsyncGenerator<LogEntry> {
  for await (const { event, content } of events) if (event === 'log') yield LogEntry.parse(content)
}
