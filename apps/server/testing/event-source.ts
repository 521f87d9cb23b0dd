import { request } from 'node:http'

export interface ServerSentEvent {
  event: string
  id?: string
  json: Record<string, unknown>
}

/** A client of server-sent events that can wait for one. */
export interface TestEventSource extends Disposable {
  readonly events: readonly ServerSentEvent[]
  /** The first event, from the beginning, that fits; waits for it. */
  until(fits: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent>
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>
}

export async function openEventSource(
  url: string,
  headers: Record<string, string> = {},
): Promise<TestEventSource> {
  const events: ServerSentEvent[] = []
  const waiting = new Set<() => void>()
  const ended = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  let unread = ''
  const asked = request(url, { headers }, (response) => {
    if (response.statusCode !== 200) {
      answered.reject(new Error(`Answered ${response.statusCode}`))
      response.destroy()
      return
    }
    answered.resolve()
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      const blocks = (unread + text).split('\n\n')
      unread = blocks.pop() ?? ''
      events.push(...blocks.filter((block) => !block.startsWith(':')).map(readEvent))
      for (const look of waiting) look()
    })
    response.on('close', () => ended.resolve())
    response.on('error', () => ended.resolve())
  })
  asked.on('error', (cause) => answered.reject(cause))
  asked.end()
  await answered.promise
  return {
    events,
    ended: ended.promise,
    until(fits) {
      const found = Promise.withResolvers<ServerSentEvent>()
      const look = () => {
        const event = events.find(fits)
        if (!event) return
        waiting.delete(look)
        found.resolve(event)
      }
      waiting.add(look)
      look()
      return found.promise
    },
    [Symbol.dispose]: () => void asked.destroy(),
  }
}

function readEvent(block: string): ServerSentEvent {
  const fields = new Map(
    block.split('\n').map((line) => {
      const colon = line.indexOf(': ')
      return [line.slice(0, colon), line.slice(colon + 2)] as const
    }),
  )
  const id = fields.get('id')
  return {
    event: fields.get('event') ?? 'message',
    json: JSON.parse(fields.get('data') ?? '{}') as Record<string, unknown>,
    ...(id !== undefined && { id }),
  }
}
