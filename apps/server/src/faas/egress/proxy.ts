import type { Duplex } from 'node:stream'
import type { Tunnel } from '@parley/toolbelt/tunnels'
import { beginningOf } from '#base/input'
import { PassingMap, PassingSet } from '#base/kernel'
import type { Base } from '#base/store'
import { openWindow, type SlidingWindow } from '#base/bounds'
import type { EgressLimits, EgressPorts, RefusedCall } from './ports.ts'
import { decideEgress, type EgressRules, notListed, readTarget, type Target } from './decide.ts'
import { dial } from './dial.ts'
import { exchange } from './exchange.ts'
import type { Resolver } from './resolver.ts'
import { type Arrival, refuse, serveTunnels } from './tunnels.ts'

export interface EgressDeps extends Pick<Base, 'logger' | 'monotonic'> {
  limits: EgressLimits
  /** `host:port` entries of the operator. */
  privateTargets: readonly string[]
  resolver: Resolver
  /** Connects to what was checked. */
  dial?: typeof dial
}

export interface EgressProxy extends Disposable {
  /** Serves the pipe of one instance, until the pipe ends or this is disposed of. */
  admit(pipe: Duplex, guest: EgressGuest, ports: EgressPorts): AdmittedGuest
}

/** Disposed of when the instance ends. */
export interface AdmittedGuest extends Disposable {
  /** Counts an outgoing call that takes another way than the proxy. False, and reported, when it is one too many. */
  mayCall(target: Target): Promise<boolean>
}

/** The function of the instance. */
export interface EgressGuest {
  accountId: string
  functionId: string
  /** How long an answer may take, in place of the limit of all. */
  outgoingMs?: number
  /** Translates a place in the running code to the author's source. */
  original?(place: string): string
  /** Ends the instance: it has sent what the harness never sends. */
  broken(): void
}

interface Guest extends EgressGuest {
  ports: EgressPorts
  /** The calls of the last second, of all instances of the function. */
  recent: SlidingWindow
  perSecond: number
}

const MAX_PLACE_CHARACTERS = 200
const TOO_MANY = 'Too Many Requests'

/** The only way out of an instance: checks each call, resolves once and dials what it checked. */
export function openEgressProxy(deps: EgressDeps): EgressProxy {
  const { limits, logger, monotonic, privateTargets, resolver } = deps
  const perFunction = new PassingMap<string, { recent: SlidingWindow; guests: number }>()
  const pipes = new PassingSet<Duplex>()
  /** What to do when another call begins on an open tunnel. */
  const nextCalls = new WeakMap<Tunnel, () => void>()

  /** Counts a call by the limit as it is known. False, and reported, when it is one too many. */
  function count(guest: Guest, target: Target, place: string): boolean {
    if (guest.recent.add(guest.perSecond, monotonic.now()) === 0) return true
    guest.ports.refused(refusal(guest, target, TOO_MANY, place))
    return false
  }

  async function mayCall(guest: Guest, target: Target, place: string): Promise<boolean> {
    await renewLimit(guest)
    return count(guest, target, place)
  }

  async function renewLimit(guest: Guest): Promise<void> {
    const { accountId, ports } = guest
    guest.perSecond = (await ports.outgoingPerSecond?.(accountId)) ?? limits.outgoingPerSecond
  }

  async function open(guest: Guest, tunnel: Tunnel, { place, target: text }: Arrival) {
    const target = readTarget(text)
    if (!target) return refuse(tunnel, 400, 'Not a target')
    const { accountId, outgoingMs = limits.outgoingMs, ports } = guest
    if (!(await mayCall(guest, target, place))) return refuse(tunnel, 429, TOO_MANY)
    const rules: EgressRules = {
      allowed: (account, host) => ports.allowed(account, host),
      internal: () => ports.internal(),
      privateTargets,
      lookup: (host, kind) => resolver.resolve(accountId, host, kind),
    }
    const decision = await decideEgress(rules, accountId, target.host, target.port)
    if ('refuse' in decision) {
      const { reason, status } = decision.refuse
      ports.refused(refusal(guest, target, reason, place))
      return refuse(tunnel, status, reason)
    }
    const { addresses, own, port } = decision.dial
    const far = await (deps.dial ?? dial)(monotonic, addresses, port)
    if (!far) return refuse(tunnel, 504, `${target.host} does not answer`)
    if (tunnel.destroyed) return void far.destroy()
    own?.connected(far, accountId)
    const joined = exchange({ monotonic, limits: { ...limits, outgoingMs } }, tunnel, far)
    const checkList = async () => {
      if (await ports.allowed(accountId, target.host)) return joined.letGo()
      const reason = notListed(target.host)
      ports.refused(refusal(guest, target, reason, place))
      refuse(tunnel, 403, reason)
    }
    nextCalls.set(tunnel, () => {
      void renewLimit(guest).catch(failed)
      if (!count(guest, target, place)) return refuse(tunnel, 429, TOO_MANY)
      joined.begin()
      if (!decision.isListed) return
      joined.hold()
      checkList().catch((error: unknown) => failCall(tunnel, error))
    })
  }

  function failed(error: unknown): void {
    logger.error({ err: error }, 'An outgoing call failed in the proxy')
  }

  function failCall(tunnel: Tunnel, error: unknown): void {
    failed(error)
    refuse(tunnel, 502, 'The proxy failed')
  }

  return {
    admit(pipe, { accountId, broken, functionId, original, outgoingMs }, ports) {
      const name = `${accountId}/${functionId}`
      const shared = perFunction.get(name) ?? { recent: openWindow(1000), guests: 0 }
      shared.guests += 1
      perFunction.set(name, shared)
      const guest: Guest = {
        accountId,
        functionId,
        broken,
        ports,
        recent: shared.recent,
        perSecond: limits.outgoingPerSecond,
        ...(outgoingMs !== undefined && { outgoingMs }),
        ...(original && { original }),
      }
      pipes.add(pipe)
      serveTunnels(pipe, {
        open(tunnel, arrival) {
          open(guest, tunnel, arrival).catch((error: unknown) => failCall(tunnel, error))
        },
        next: (tunnel) => nextCalls.get(tunnel)?.(),
        broken,
      })
      let isOver = false
      return {
        mayCall: (target) => mayCall(guest, target, ''),
        [Symbol.dispose]() {
          if (isOver) return
          isOver = true
          pipes.delete(pipe)
          pipe.destroy()
          shared.guests -= 1
          if (shared.guests === 0) perFunction.delete(name)
        },
      }
    },
    [Symbol.dispose]() {
      for (const pipe of pipes) pipe.destroy()
    },
  }
}

function refusal(
  { accountId, functionId, original }: EgressGuest,
  { host, port }: Target,
  reason: string,
  at: string,
): RefusedCall {
  const place = beginningOf(at, MAX_PLACE_CHARACTERS)
  return { accountId, functionId, host, port, reason, calledFrom: original?.(place) ?? place }
}
