import { refusalOf, type Session } from '@parley/client'
import type { RouteSpec } from '@parley/contract'

/** One server-sent event. */
export interface StreamEvent {
  event: string
  /** Where a reader goes on after it. */
  id: string | undefined
  content: unknown
}

/**
 * The events of a stream, until the server ends the connection or `signal` aborts.
 * @throws {RequestError} when the server refuses
 */
export async function openEventStream(
  session: Session,
  spec: RouteSpec,
  query: object,
  signal?: AbortSignal,
): Promise<AsyncIterable<StreamEvent>> {
  const url = new URL(spec.path.replace(':accountId', session.accountId), session.url)
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat())
      if (one !== undefined) url.searchParams.append(name, String(one))
  }
  const headers = { authorization: `Bearer ${session.bearer}` }
  const response = await fetch(url, { headers, ...(signal && { signal }) })
  if (!response.ok || !response.body) throw await refusalOf(`GET ${url.pathname}`, response)
  return eventsOf(response.body.pipeThrough(new TextDecoderStream()))
}

/** Events are blocks of lines `name: value`, with an empty line behind each; a line that begins with a colon is a comment. */
async function* eventsOf(text: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let rest = ''
  for await (const part of text) {
    const blocks = (rest + part).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map(fieldOf))
      const data = fields.get('data')
      if (data === undefined) continue
      const event = fields.get('event') ?? 'message'
      yield { event, id: fields.get('id'), content: JSON.parse(data) as unknown }
    }
  }
}

function fieldOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()]
}
