import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'
import type { Duplex } from 'node:stream'
import { atCallSite, callSite } from './call-site.ts'
import { Connection, EgressError, openConnection } from './connections.ts'
import { installFetch } from './fetch.ts'
import { watchRequest, watchUndici } from './outgoing.ts'
import type { LoadBody } from './protocol.ts'
import { replayedConnection } from './replay-world.ts'

type Done = (error: Error | null, socket?: Duplex) => void
type Opened = (error: Error | null, connection?: Connection) => void
interface Target {
  host?: string | null
  hostname?: string | null
  port?: number | string | null
  protocol?: string | null
  servername?: string | null
}

const tlsConnect = tls.connect
const isIP = net.isIP

export interface Egress {
  open(settings: LoadBody['egress']): void
  /** Closes all idle connections: they may be dead, and a client would send its next request over one. */
  closeKept(): void
}

const kept = new Set<Duplex>()
/** Which connection a secured socket uses. */
const under = new WeakMap<object, Connection>()
let settings: LoadBody['egress'] = { internalHosts: [] }

/**
 * A `*` stands for exactly one label, as in `base/http/host-names.ts` of the server: code inside the sandbox cannot import it.
 */
function matches(pattern: string, host: string): boolean {
  const labels = host.split('.')
  const wanted = pattern.split('.')
  return (
    wanted.length === labels.length &&
    wanted.every((label, index) => (label === '*' ? labels[index] !== '' : label === labels[index]))
  )
}

function keep(socket: Duplex): Duplex {
  kept.add(socket)
  socket.once('close', () => kept.delete(socket))
  return socket
}

function openTunnel(host: string, port: number, done: Opened): void {
  const connection = openConnection(host, port, callSite())
  const fail = (error: Error) => done(error)
  connection.once('error', fail)
  connection.once('connect', () => {
    connection.removeListener('error', fail)
    keep(connection)
    done(null, connection)
  })
}

function openSecure(
  options: tls.ConnectionOptions,
  host: string,
  socket: Connection,
  done: Done,
): void {
  const { internalCa } = settings
  const isInternal = settings.internalHosts.some((pattern) => matches(pattern, host))
  const servername = options.servername || (isIP(host) ? undefined : host)
  const secured = tlsConnect({
    ALPNProtocols: ['http/1.1'],
    ...options,
    ...(isInternal && internalCa && !options.ca ? { ca: internalCa } : {}),
    ...(servername === undefined ? {} : { servername }),
    host,
    port: undefined as never,
    path: undefined as never,
    socket,
  })
  under.set(secured, socket)
  // A secured socket would only see that the connection has ended, not why.
  socket.once('error', (error) => secured.destroy(error))
  const fail = (error: Error) => done(error)
  secured.once('error', fail)
  secured.once('secureConnect', () => {
    secured.removeListener('error', fail)
    done(null, keep(secured))
  })
}

/**
 * Replaces undici's connector at bundle time; undici is what `fetch` and jsforce use.
 * @public
 */
export function undiciConnector(given: { ca?: string } | undefined) {
  return (target: Target, done: Done): void => {
    const secure = target.protocol === 'https:'
    const host = target.hostname ?? ''
    const port = Number(target.port || (secure ? 443 : 80))
    const replayed = replayedConnection(secure ? 'https' : 'http', host, port)
    if (replayed) return process.nextTick(done, null, keep(replayed))
    openTunnel(host, port, (error, socket) => {
      if (error || !socket) return done(error ?? new EgressError(502, 'No tunnel'))
      if (!secure) return done(null, socket)
      const options: tls.ConnectionOptions = { ...given }
      if (target.servername) options.servername = target.servername
      openSecure(options, host, socket, done)
    })
  }
}

function plainConnection(this: unknown, options: Target, done: Done): void {
  const host = options.host || options.hostname || 'localhost'
  const port = Number(options.port || 80)
  const opened = (socket: Duplex) => {
    done(null, socket)
    // The tunnel left the socket paused, and a client request does not resume it.
    process.nextTick(() => socket.resume())
  }
  const replayed = replayedConnection('http', host, port)
  if (replayed) return process.nextTick(opened, keep(replayed))
  openTunnel(host, port, (error, socket) => {
    if (error || !socket) return done(error ?? new EgressError(502, 'No tunnel'))
    opened(socket)
  })
}

function secureConnection(
  this: unknown,
  options: Target & tls.ConnectionOptions,
  done: Done,
): void {
  const host = options.host || options.hostname || 'localhost'
  const port = Number(options.port || 443)
  const replayed = replayedConnection('https', host, port)
  if (replayed) {
    return process.nextTick(() => {
      done(null, keep(replayed))
      process.nextTick(() => replayed.resume())
    })
  }
  openTunnel(host, port, (error, socket) => {
    if (error || !socket) return done(error ?? new EgressError(502, 'No tunnel'))
    openSecure(options, host, socket, done)
  })
}

/** An outgoing call is about to use the socket. */
function beginCall(socket: object): void {
  const connection = socket instanceof Connection ? socket : under.get(socket)
  connection?.beginCall()
}

/** Remembers the line that made each request, and reports the request for the record. */
function markCalls(client: typeof http | typeof https): void {
  for (const name of ['request', 'get'] as const) {
    const send = client[name] as (...given: unknown[]) => http.ClientRequest
    Reflect.set(client, name, (...given: unknown[]) => {
      return atCallSite(() => {
        const request = send(...given)
        watchRequest(request, beginCall)
        return request
      })
    })
  }
}

/** Sends every HTTP client through the proxy. The runtime's permissions refuse any other connection. */
export function installEgress(): Egress {
  for (const agent of [http.Agent.prototype, http.globalAgent]) {
    Object.defineProperty(agent, 'createConnection', {
      value: plainConnection,
      writable: true,
      configurable: true,
    })
  }
  for (const agent of [https.Agent.prototype, https.globalAgent]) {
    Object.defineProperty(agent, 'createConnection', {
      value: secureConnection,
      writable: true,
      configurable: true,
    })
  }
  for (const client of [http, https]) markCalls(client)
  installFetch()
  watchUndici(beginCall)
  return {
    open(given) {
      settings = given
    },
    closeKept() {
      for (const socket of kept) socket.destroy()
      kept.clear()
    },
  }
}
