import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { addressGroup, declareBound, openPlaces, openSocketPlaces } from '#base/bounds'
import { checkText } from '#base/input'
import { ParleyError } from '#base/kernel'
import type { ClientAddress } from './client-address.ts'
import { splitUrl } from './error-dialects.ts'
import type { PathMatch, PathParams } from './match-path.ts'

const DEFAULT_MAX_PAYLOAD_BYTES = 1_048_576
/** Each costs memory of its own, however small it is. */
const MAX_CHUNKS = 8192
const MAX_FRAGMENTS = 1024

const SOCKETS = declareBound({
  kind: 'places',
  holds: 'WebSockets, by the address of the client',
  limit: 50_000,
  each: 1000,
  per: 'node',
  beyond: 'the handshake is refused with 429',
})

/** A request to open a WebSocket. Throwing before `accept` refuses it with the error's HTTP status. */
export interface UpgradeCall {
  readonly params: PathParams
  /** Parsed like a route's query: empty values are absent. */
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly clientAddress: string
  readonly requestId: string
  /** Completes the handshake. Listeners added in the same turn miss no message. */
  accept(): WebSocket
}

export type UpgradeHandler = (call: UpgradeCall) => void | Promise<void>

export interface UpgradeOptions {
  /** Of one message; a larger one closes the socket with 1009. */
  maxPayloadBytes?: number
  /** Negotiate permessage-deflate with clients that offer it. */
  compress?: boolean
}

export interface Upgrades {
  add(match: PathMatch, handle: UpgradeHandler, options?: UpgradeOptions): void
  matches(path: string): boolean
  /** `false` when no route takes the path: the socket is then untouched. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, requestId: string): Promise<boolean>
  /** Closes every socket with `code`; resolves when all are closed. */
  close(code: number, reason: string): Promise<void>
  terminate(): void
}

export function openUpgrades(
  clientAddress: ClientAddress,
  limits: { limit: number; each: number },
): Upgrades {
  const routes: { match: PathMatch; handle: UpgradeHandler; server: WebSocketServer }[] = []
  const places = openSocketPlaces(openPlaces(SOCKETS, limits))
  const sockets = () => routes.flatMap(({ server }) => [...server.clients])

  function takePlace(address: string, socket: Duplex): void {
    if (!places.take(addressGroup(address), socket)) {
      throw new ParleyError('rate_limited', 'Too many sockets are open from this address')
    }
  }

  return {
    add(match, handle, { maxPayloadBytes = DEFAULT_MAX_PAYLOAD_BYTES, compress = false } = {}) {
      const server = new WebSocketServer({
        noServer: true,
        perMessageDeflate: compress,
        maxPayload: maxPayloadBytes,
        maxBufferedChunks: MAX_CHUNKS,
        maxFragments: MAX_FRAGMENTS,
        skipUTF8Validation: false,
      })
      routes.push({ match, handle, server })
    },
    matches: (path) => routes.some(({ match }) => match(path) !== undefined),
    async take(request, socket, head, requestId) {
      const { path, query } = splitUrl(request.url ?? '/')
      for (const { match, handle, server } of routes) {
        const params = match(path)
        if (!params) continue
        checkText(params, 'params')
        const address = clientAddress(request)
        takePlace(address, socket)
        await handle({
          params,
          query: withoutEmpty(query),
          headers: request.headers,
          clientAddress: address,
          requestId,
          accept: () => shakeHands(server, request, socket, head),
        })
        return true
      }
      return false
    },
    async close(code, reason) {
      await Promise.all(
        sockets().map(async (socket) => {
          const closed = new Promise((resolve) => socket.once('close', resolve))
          socket.close(code, reason)
          await closed
        }),
      )
    },
    terminate() {
      for (const socket of sockets()) socket.terminate()
    },
  }
}

function withoutEmpty(query: string): URLSearchParams {
  return new URLSearchParams([...new URLSearchParams(query)].filter(([, value]) => value !== ''))
}

/** ws completes the handshake in the same turn, or answers the client itself and never calls back. */
function shakeHands(
  server: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): WebSocket {
  const opened: WebSocket[] = []
  server.handleUpgrade(request, socket, head, (webSocket) => opened.push(webSocket))
  const [webSocket] = opened
  if (!webSocket) throw new HandshakeRefused('The WebSocket handshake is malformed')
  // After a broken frame `close` follows. Without this listener the error would end the process.
  webSocket.on('error', ignore)
  return webSocket
}

/** One function for all sockets, so that none keeps its handshake in memory. */
function ignore(): void {}

/** The client has been answered already. */
export class HandshakeRefused extends Error {
  override name = 'HandshakeRefused'
}
