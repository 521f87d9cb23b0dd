import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'vitest'
import { PATIENT_SERVER } from '#testing'

export interface Heard {
  headers: IncomingHttpHeaders
  path: string
  raw: string
  /** The notification. */
  type: string
  body: { dialogId?: string; changes: Change[] }
}

interface Change {
  type?: string
  result?: { convId: string; conversationDetails: { stage: string } }
  sequence?: number
  conversationId?: string
  dialogId?: string
  originatorMetadata?: { id: string; role: string }
  event?: { type: string; message?: string; chatState?: string }
}

/** An end point of webhooks on this machine: a real HTTP server that remembers what it was sent. */
export async function openEndPoint() {
  const heard: Heard[] = []
  let answer = (_heard: Heard): number | Promise<number> => 200
  const server = createServer(PATIENT_SERVER, (request, response) => {
    const { headers, url = '' } = request
    text(request)
      .then(async (raw) => {
        const one = {
          headers,
          path: url,
          raw,
          ...(JSON.parse(raw) as Pick<Heard, 'type' | 'body'>),
        }
        heard.push(one)
        response.writeHead(await answer(one)).end('x')
      })
      // The caller has gone: a test that has ended, or a node that was killed.
      .catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    url: `http://${host}/hooks?key=k`,
    heard,
    /** What it answers from now on: a status, now or later. */
    answers(how: typeof answer): void {
      answer = how
    },
    /** What people said, in the order in which they came, those that came twice included. */
    texts: (conversationId?: string) =>
      messagesOf(heard, conversationId).map(({ text: said }) => said),
    async until(isEnough: () => boolean): Promise<void> {
      await expect.poll(isEnough).toBe(true)
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

export type EndPoint = Awaited<ReturnType<typeof openEndPoint>>

export function messagesOf(heard: readonly Heard[], conversationId?: string) {
  return heard.flatMap(({ headers, body }) =>
    body.changes
      .filter(({ event }) => event?.type === 'ContentEvent')
      .filter(({ originatorMetadata }) => originatorMetadata?.role !== 'CONTROLLER')
      .filter((change) => conversationId === undefined || change.conversationId === conversationId)
      .map((change) => ({
        deliveryId: headers['x-parley-delivery-id'],
        text: change.event?.message,
        sequence: change.sequence,
      })),
  )
}

/** As a published end point checks it. */
export function isSignedBy(secret: string, { headers, raw }: Heard): boolean {
  const signature = createHmac('sha1', secret).update(raw).digest('base64')
  return headers['x-liveperson-signature'] === `sha1=${signature}`
}
