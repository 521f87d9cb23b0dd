import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https'
import { PassingSet } from '#base/kernel'
import {
  type AddressInfo,
  createServer as createAcceptor,
  type Server as Acceptor,
  type Socket,
} from 'node:net'
import type { Duplex } from 'node:stream'
import { addressGroup, declareBound, openPlaces, openSocketPlaces } from '#base/bounds'
import { peerAddress } from './client-address.ts'
import type { HttpLimits } from './limits.ts'

export interface TlsListenOptions extends Pick<TlsOptions, 'SNICallback'> {
  cert: string
  key: string
  /** Calls a listener whenever `cert` and `key` are other ones. */
  onRenewed(take: (standard: { cert: string; key: string }) => void): void
}

export interface ListenOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  tls?: TlsListenOptions
  /** For functions in the sandbox only: the service look-up answers them with this listener's own host. */
  internal?: boolean
}

/** What brings connections in clear: those of TLS when their handshake is done. */
export type ConnectionEvent = 'connection' | 'secureConnection'

export interface ListenerEvents {
  /** Before all others. */
  listening(server: Server, event: ConnectionEvent): void
  /** For every new connection, before anything is read from it. */
  connection(socket: Socket): void
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  clientError(error: NodeJS.ErrnoException, socket: Duplex): void
}

/** One port. */
export interface Listener {
  readonly port: number
  /** Takes no more connections; resolves when the last one is closed. */
  close(): Promise<void>
  /** Ends all connections, whatever they are doing. */
  destroyAll(): void
}

/** Starts one more port for the same handlers. Rejects with the system's error when the port is taken. */
export async function startListener(
  { host, port, tls, internal = false }: ListenOptions,
  limits: HttpLimits,
  events: ListenerEvents,
): Promise<Listener> {
  const options = {
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.connectionsCheckMs,
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: 32_768,
    // Otherwise a request that only offers h2c would count as a WebSocket.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
      headers.upgrade?.toLowerCase() === 'websocket',
  }
  const server = tls ? startTls(tls, options, limits) : createServer(options)
  // Node counts what leaves of a large answer as movement, however slowly its reader takes it.
  server.setTimeout(limits.stalledMs)
  events.listening(server, tls ? 'secureConnection' : 'connection')
  // Node itself knows neither those of a handshake nor those that it has handed on.
  const sockets = new PassingSet<Socket>()
  function forget(this: Socket): void {
    sockets.delete(this)
  }
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', forget)
    events.connection(socket)
  })
  server.on('request', events.request)
  server.on('upgrade', events.upgrade)
  server.on('clientError', events.clientError)
  const isShared = process.platform === 'linux' && !internal
  const acceptors = isShared
    ? await listenTogether(server, { host, port, allowHalfOpen: !tls })
    : [await listenOn(server, { host, port })]
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      await Promise.all(acceptors.map((one) => new Promise((resolve) => one.close(resolve))))
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function startTls(
  { onRenewed, ...tls }: TlsListenOptions,
  options: TlsOptions,
  { headersTimeoutMs: handshakeTimeout }: HttpLimits,
): Server {
  const server = createTlsServer({ ...options, ...tls, handshakeTimeout })
  onRenewed((standard) => server.setSecureContext(standard))
  return server
}

/**
 * The runtime takes one connection for each turn of the event loop and each socket that listens. Where sockets can share a port there are
 * more of them, so that clients who come all at once need not wait for many turns of a busy node.
 * @returns `server`, and what takes connections for it
 */
async function listenTogether(
  server: Server,
  { host, port, allowHalfOpen }: { host: string; port: number; allowHalfOpen: boolean },
): Promise<Acceptor[]> {
  // Another program of this user could share a port that is in use.
  if (port !== 0) {
    const probe = createAcceptor()
    await listenOn(probe, { host, port })
    await new Promise((resolve) => probe.close(resolve))
  }
  await listenOn(server, { host, port, reusePort: true })
  const shared = server.address() as AddressInfo
  const acceptors: Acceptor[] = [server]
  while (acceptors.length < ACCEPTORS) {
    const options = { allowHalfOpen, noDelay: true }
    const acceptor = createAcceptor(options, (socket) => void server.emit('connection', socket))
    await listenOn(acceptor, { host: shared.address, port: shared.port, reusePort: true })
    acceptors.push(acceptor)
  }
  return acceptors
}

function listenOn(
  server: Acceptor,
  where: { host: string; port: number; reusePort?: boolean },
): Promise<Acceptor> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ ...where, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

/** A turn with a thousand requests in it takes some 70 ms, and a thousand clients that connect then are all taken in about a second. */
const ACCEPTORS = 64

/** Connections that the system keeps until they are taken: a client whose connection finds no room tries again after a second. */
const BACKLOG = 4096

const CONNECTIONS = declareBound({
  kind: 'places',
  holds: 'connections, WebSockets included',
  limit: 50_000,
  each: 2000,
  per: 'node',
  beyond:
    'the connection is closed at once; those of trusted proxies and of functions count only for all',
})

/** Closes connections that are too many, in all or of one address. What is called for every new one. */
export function countConnections(
  limits: { limit: number; each: number },
  isTrusted: (address: string) => boolean,
): (socket: Socket, isInternal: boolean) => void {
  const direct = openSocketPlaces(openPlaces(CONNECTIONS, limits))
  const trusted = openSocketPlaces(openPlaces(CONNECTIONS, { ...limits, each: limits.limit }))
  return (socket, isInternal) => {
    const address = peerAddress(socket)
    const places = isInternal || isTrusted(address) ? trusted : direct
    if (!places.take(addressGroup(address), socket)) socket.destroy()
  }
}
