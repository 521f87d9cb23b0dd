import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { importJWK, type JSONWebKeySet, jwtVerify } from 'jose'
import * as z from 'zod'
import { PATIENT_SERVER } from '#testing'

// A vendor's program, written from the published description alone: it takes nothing from this repository, checks tokens itself by
// the keys that it looks up, and refuses every member that the description does not name.

const LpEvent = z.looseObject({})
const Opening = z.strictObject({
  sdes: z
    .strictObject({ authenticatedSdes: z.unknown(), unauthenticatedSdes: z.unknown() })
    .optional(),
  context: z.strictObject({
    type: z.enum(['MESSAGING', 'CHAT']),
    skillId: z.number(),
    engagementId: z.number(),
    campaignId: z.number().optional(),
    contextType: z.number().optional(),
    visitor: z.looseObject({}).optional(),
    assignedAgentId: z.string().optional(),
  }),
})
const context = z.strictObject({ lpEvent: LpEvent })
const Event = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('TEXT'),
    source: z.literal('CONSUMER'),
    data: z.strictObject({ message: z.string() }),
    context,
  }),
  z.strictObject({
    type: z.literal('RICH_CONTENT'),
    source: z.literal('CONSUMER'),
    data: z.strictObject({ content: z.looseObject({}) }),
    context,
  }),
  z.strictObject({
    type: z.literal('START'),
    source: z.literal('CONVERSATION'),
    data: z.strictObject({}),
    context,
  }),
])
export type Event = z.infer<typeof Event>

type Answer = (event: Event, response: ServerResponse) => unknown

/** `sentinel`: where its keys are published, once the server that makes the tokens is known. */
export async function openVendor() {
  const conversations = new Set<string>()
  const openings: z.infer<typeof Opening>[] = []
  const asked: Event[] = []
  const heard: { method: string; path: string; status: number }[] = []
  const refusals: string[] = []
  let sentinel = ''
  let state: unknown = { state: 'online', version: '1.0.0' }
  let answer: Answer = (event) => ({
    response: [
      {
        type: 'TEXT',
        data: { message: event.type === 'TEXT' ? `echo ${event.data.message}` : event.type },
      },
    ],
  })

  /** The account, by its token; `undefined` for a token that is not good. */
  async function callerOf({ headers }: IncomingMessage): Promise<string | undefined> {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1]
    if (token === undefined) return undefined
    const keys = (await (
      await fetch(`${sentinel}/sentinel/well-known/jwks`)
    ).json()) as JSONWebKeySet
    // As the published program does: the first key, whatever its id.
    const [first] = keys.keys
    if (!first) return undefined
    try {
      const { payload } = await jwtVerify(token, await importJWK(first, 'RS256'), {
        issuer: 'Sentinel',
        algorithms: ['RS256'],
      })
      if (payload['scope'] !== 'thirdpartybots.customendpoint.bot') return undefined
      return typeof payload.aud === 'string' ? payload.aud : undefined
    } catch {
      return undefined
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<number> {
    const { method = '', url = '' } = request
    const send = (status: number, body?: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(body === undefined ? undefined : JSON.stringify(body))
      return status
    }
    if ((await callerOf(request)) === undefined) return send(401)
    const [, rest] = /^\/base\/v1\/bots\/bot%201\/environments\/draft\/(.+)$/.exec(url) ?? []
    if (rest === 'state' && method === 'GET') return send(200, state)
    const [, conversationId = '', events] =
      /^conversations\/([^/]+)(\/events)?$/.exec(rest ?? '') ?? []
    if (conversationId === '') return send(404)
    const body: unknown = JSON.parse(await text(request))
    if (!events && method === 'PUT') {
      const opening = Opening.safeParse(body)
      if (!opening.success) return refuse(send, opening.error)
      if (conversations.has(conversationId)) return send(409)
      conversations.add(conversationId)
      openings.push(opening.data)
      return send(204)
    }
    if (!events || method !== 'POST') return send(404)
    if (!conversations.has(conversationId)) return send(404)
    const event = Event.safeParse(body)
    if (!event.success) return refuse(send, event.error)
    asked.push(event.data)
    const answered = answer(event.data, response)
    return answered === undefined ? 0 : send(200, answered)
  }

  function refuse(send: (status: number) => number, error: z.ZodError): number {
    refusals.push(error.message)
    return send(400)
  }

  const server = createServer(PATIENT_SERVER, (request, response) => {
    handle(request, response).then(
      (status) => {
        const { method = '', url = '' } = request
        heard.push({ method, path: url, status })
      },
      () => response.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    host,
    /** What a connector needs to know of it. */
    vendor: {
      kind: 'endpoint',
      baseUrl: `http://${host}/base`,
      botId: 'bot 1',
      environment: 'draft',
    },
    heard,
    /** What it was told when conversations began, and since. */
    openings,
    asked,
    /** What it has refused because the description does not name it. */
    refusals,
    trusts(url: string): void {
      sentinel = url
    },
    /** What it answers to events from now on; an answer of `undefined` has written to the response itself. */
    answers(how: Answer): void {
      answer = how
    },
    says(next: unknown): void {
      state = next
    },
    /** As after a restart. */
    forgets(): void {
      conversations.clear()
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
