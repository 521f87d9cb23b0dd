import { RequestError, type Session } from '@parley/client'
import { LogEntry, tailLogs } from '@parley/contract'

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
  const url = new URL(tailLogs.path.replace(':accountId', session.accountId), session.url)
  for (const [name, value] of Object.entries(filter)) {
    for (const one of [value].flat())
      if (one !== undefined) url.searchParams.append(name, String(one))
  }
  const headers = { authorization: `Bearer ${session.bearer}` }
  const response = await fetch(url, { headers, ...(signal && { signal }) })
  if (!response.ok || !response.body) {
    throw new RequestError(`GET ${url.pathname}`, response.status, await response.text())
  }
  return entriesOf(response.body.pipeThrough(new TextDecoderStream()))
}

/** Reads the events of the stream: `data:` lines with one entry each. */
async function* entriesOf(text: AsyncIterable<string>): AsyncGenerator<LogEntry> {
  let rest = ''
  for await (const part of text) {
    const lines = (rest + part).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('data:')) yield LogEntry.parse(JSON.parse(line.slice(5)))
    }
  }
}
