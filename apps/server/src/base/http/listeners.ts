import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions as TlsOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HttpLimits } from './limits.ts'

export interface ListenOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  tls?: Pick<TlsOptions, 'SNICallback' | 'cert' | 'key'>
  /** For functions in the sandbox only: the service look-up answers them with this listener's own host. */
  internal?: boolean
}

export interface ListenerEvents {
  request(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  clientError(error: NodeJS.ErrnoException, socket: Duplex): void
}

/** Starts one more port for the same handlers. Rejects with the system's error when the port is taken. */
export async function startListener(
  { host, port, tls }: ListenOptions,
  limits: HttpLimits,
  events: ListenerEvents,
): Promise<{ server: Server; port: number }> {
  const options = {
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    connectionsCheckingInterval: limits.connectionsCheckMs,
    // Longer than the 60 s after which common load balancers close a connection.
    keepAliveTimeout: 72_000,
    maxHeaderSize: 32_768,
    // Otherwise a request that only offers h2c would count as a WebSocket.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) =>
      headers.upgrade?.toLowerCase() === 'websocket',
  }
  const server = tls ? createTlsServer({ ...options, ...tls }) : createServer(options)
  server.on('request', events.request)
  server.on('upgrade', events.upgrade)
  server.on('clientError', events.clientError)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return { server, port: (server.address() as AddressInfo).port }
}
