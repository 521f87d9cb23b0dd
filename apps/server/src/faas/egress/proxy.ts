import { lookup } from 'node:dns/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Monotonic } from '#base/kernel'
import type { Base } from '#base/store'
import type { EgressLimits, EgressPorts, RefusedCall } from './ports.ts'
import { decideEgress, type EgressRules, readTarget } from './decide.ts'
import { openWindow, type SlidingWindow } from '#base/bounds'
import { join } from './tunnel.ts'

export interface EgressDeps extends Pick<Base, 'logger' | 'monotonic' | 'ids'> {
  limits: EgressLimits
  /** `host:port` entries of the operator. */
  privateTargets: readonly string[]
}

export interface EgressProxy extends AsyncDisposable {
  /** The port, or the path of the Unix socket, that instances connect to. */
  readonly address: string
  /** Gives one instance a token. The proxy refuses every call without one. */
  admit(guest: EgressGuest, ports: EgressPorts): AdmittedGuest
}

/** Disposed of when the instance ends. */
export interface AdmittedGuest extends Disposable {
  token: string
  /** Counts an outgoing call that takes another way than the proxy. False, and reported, when it is one too many. */
  mayCall(target: CallTarget): Promise<boolean>
}

interface CallTarget {
  host: string
  port: number
}

/** A function that may connect. */
export interface EgressGuest {
  accountId: string
  functionId: string
  /** Translates a place in the running code to the author's source. */
  original?(place: string): string
}

interface Guest extends EgressGuest {
  ports: EgressPorts
  /** The calls of the last second, of all instances of the function. */
  recent: SlidingWindow
}

const DIAL_MS = 10_000
const TOKEN_BYTES = 24
const MAX_PLACE_CHARACTERS = 200
const TOO_MANY = 'Too Many Requests'

/** The only way out of an instance: a CONNECT proxy that checks, resolves once and dials what it checked. */
export async function openEgressProxy(
  deps: EgressDeps,
  socketPath: string | undefined,
): Promise<EgressProxy> {
  const { ids, limits, logger, monotonic, privateTargets } = deps
  const guests = new Map<string, Guest>()
  const perFunction = new Map<string, { recent: SlidingWindow; guests: number }>()
  const open = new Set<Duplex>()
  const resolve = async (host: string) =>
    (await lookup(host, { all: true })).map(({ address }) => address)

  async function mayCall(guest: Guest, target: CallTarget, place: string): Promise<boolean> {
    const { accountId, ports, recent } = guest
    const perSecond = (await ports.outgoingPerSecond?.(accountId)) ?? limits.outgoingPerSecond
    if (recent.add(perSecond, monotonic.now()) === 0) return true
    ports.refused(refusal(guest, target, TOO_MANY, place))
    return false
  }

  async function tunnel(request: IncomingMessage, client: Duplex, head: Buffer): Promise<void> {
    const target = readTarget(request.url ?? '')
    const token = /^Bearer (\S+)$/.exec(request.headers['proxy-authorization'] ?? '')?.[1]
    const guest = guests.get(token ?? '')
    if (!guest) return answer(client, 407, 'Unknown instance')
    if (!target) return answer(client, 400, 'Not a target')
    const { accountId, ports } = guest
    const place = String(request.headers['x-parley-at'] ?? '').slice(0, MAX_PLACE_CHARACTERS)
    const refuse = (reason: string) => ports.refused(refusal(guest, target, reason, place))
    if (!(await mayCall(guest, target, place))) return answer(client, 429, TOO_MANY)
    const rules: EgressRules = {
      allowed: (account, host) => ports.allowed(account, host),
      internal: () => ports.internal(),
      privateTargets,
      lookup: resolve,
    }
    const decision = await decideEgress(rules, accountId, target.host, target.port)
    if ('refuse' in decision) {
      const { status, reason } = decision.refuse
      refuse(reason)
      return answer(client, status, reason)
    }
    const { host, port } = decision.dial
    const far = await dial(monotonic, host, port)
    if (!far) return answer(client, 504, `${target.host} does not answer`)
    if (client.destroyed) return void far.destroy()
    const own = ports.internal()
    if (host === own?.host && port === own.port) own.connected(far, accountId)
    client.write('HTTP/1.1 200 OK\r\n\r\n')
    join({ monotonic, limits }, client, far, head)
  }

  const server = createServer((_request, response) => {
    response.writeHead(405).end()
  })
  server.on('connect', (request, client, head) => {
    open.add(client)
    client.on('error', () => client.destroy())
    client.on('close', () => open.delete(client))
    tunnel(request, client, head).catch((error: unknown) => {
      logger.error({ err: error }, 'An outgoing call failed in the proxy')
      answer(client, 502, 'The proxy failed')
    })
  })
  await listen(server, socketPath)

  return {
    address: socketPath ?? String((server.address() as AddressInfo).port),
    admit({ accountId, functionId, original }, ports) {
      const token = ids.token(TOKEN_BYTES)
      const name = `${accountId}/${functionId}`
      const shared = perFunction.get(name) ?? { recent: openWindow(1000), guests: 0 }
      shared.guests += 1
      perFunction.set(name, shared)
      const guest: Guest = {
        accountId,
        functionId,
        ports,
        ...(original && { original }),
        recent: shared.recent,
      }
      guests.set(token, guest)
      return {
        token,
        mayCall: (target) => mayCall(guest, target, ''),
        [Symbol.dispose]() {
          if (!guests.delete(token)) return
          shared.guests -= 1
          if (shared.guests === 0) perFunction.delete(name)
        },
      }
    },
    async [Symbol.asyncDispose]() {
      for (const client of open) client.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function refusal(
  { accountId, functionId, original }: EgressGuest,
  { host, port }: CallTarget,
  reason: string,
  place: string,
): RefusedCall {
  return { accountId, functionId, host, port, reason, calledFrom: original?.(place) ?? place }
}

function answer(client: Duplex, status: number, reason: string): void {
  const text = reason.replace(/[^\x20-\x7e]/g, '?')
  client.end(`HTTP/1.1 ${status} Refused\r\nx-parley-refused: ${text}\r\ncontent-length: 0\r\n\r\n`)
}

function dial(monotonic: Monotonic, host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const giveUp = monotonic.after(DIAL_MS, () => socket.destroy())
    socket.once('connect', () => {
      giveUp[Symbol.dispose]()
      resolve(socket)
    })
    socket.on('error', () => socket.destroy())
    socket.once('close', () => {
      giveUp[Symbol.dispose]()
      resolve(undefined)
    })
  })
}

function listen(server: Server, socketPath: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    if (socketPath === undefined) server.listen(0, '127.0.0.1', () => resolve())
    else server.listen({ path: socketPath, readableAll: true, writableAll: true }, () => resolve())
  })
}
