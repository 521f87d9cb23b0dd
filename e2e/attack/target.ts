import { request } from 'node:http'
import WebSocket from 'ws'

/** Where an attack goes, and from which of the attacker's addresses. */
export interface Target {
  url: string
  tlsPort: number
  accountId: string
  localAddress: string
  /** Ends what an attack has opened and not ended. */
  signal: AbortSignal
}

/** Sends a request; resolves with its status, or 0 when the connection was closed. */
export function send(
  { url, localAddress, signal }: Target,
  method: string,
  path: string,
  { body, headers = {} }: { body?: string | Buffer; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; text: string }>()
  const nothing = () => resolve({ status: 0, text: '' })
  const sent = request(url + path, { method, localAddress, signal, agent: false, headers })
  sent.on('error', nothing)
  sent.on('response', (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (part: string) => (text += part))
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    response.on('error', nothing)
  })
  sent.end(body)
  return promise
}

/** A token of a new consumer; `undefined` when the server gives none. */
export async function signUpAt(target: Target): Promise<string | undefined> {
  const { status, text } = await send(target, 'POST', `/api/account/${target.accountId}/signup`)
  return status === 200 ? (JSON.parse(text) as { jwt: string }).jwt : undefined
}

export function consumerPath(accountId: string): string {
  return `/ws_api/account/${accountId}/messaging/consumer?v=3`
}

/** A socket of a consumer; `undefined` when it is refused. */
export async function openSocketAt(target: Target, jwt: string): Promise<WebSocket | undefined> {
  const { url, accountId, localAddress, signal } = target
  const socket = new WebSocket(url.replace('http', 'ws') + consumerPath(accountId), {
    headers: { authorization: `jwt ${jwt}` },
    localAddress,
    perMessageDeflate: false,
  })
  const opened = Promise.withResolvers<boolean>()
  socket.on('open', () => opened.resolve(true))
  socket.on('error', () => opened.resolve(false))
  socket.on('close', () => opened.resolve(false))
  signal.addEventListener('abort', () => socket.terminate(), { once: true })
  return (await opened.promise) ? socket : undefined
}

let lastRequest = 0

/** Sends a request of the messaging protocol, and does not wait for its answer. */
export function ask(socket: WebSocket, type: string, body: unknown): void {
  lastRequest += 1
  if (socket.readyState !== socket.OPEN) return
  socket.send(JSON.stringify({ kind: 'req', id: String(lastRequest), type, body }))
}
