import type { Duplex } from 'node:stream'
import { openTunnelEnd, Tunnel, TUNNEL } from '@parley/toolbelt/tunnels'

/** What an instance sends to open a tunnel: `host:port`, and the place of the call in the running code. */
export interface Arrival {
  target: string
  place: string
}

interface Listener {
  open(tunnel: Tunnel, arrival: Arrival): void
  /** Another outgoing call begins on the tunnel. */
  next(tunnel: Tunnel): void
  /** The instance does not keep to the protocol. */
  broken(): void
}

/** Of one instance, at once. */
const MAX_TUNNELS = 128
const UNPRINTABLE = /[^\x20-\x7e]/g

/** Serves the tunnels of one instance. Every byte of the pipe may come from hostile code. */
export function serveTunnels(pipe: Duplex, { broken, next, open }: Listener): void {
  let last = 0
  const end = openTunnelEnd(pipe, {
    holdsBack: true,
    copies: false,
    broken,
    take({ body, kind, tunnel: number }, known) {
      if (kind === TUNNEL.NEXT) {
        if (known) next(known)
        return number <= last && body.length === 0
      }
      if (kind !== TUNNEL.OPEN || number <= last) return false
      last = number
      const tunnel = end.add(number, (pipeEnd) => new Tunnel(number, pipeEnd, true))
      const [target = '', place = ''] = body.toString().split('\n')
      if (end.size > MAX_TUNNELS) refuse(tunnel, 429, 'Too many open connections')
      else open(tunnel, { target, place: place.replace(UNPRINTABLE, '?') })
      return true
    },
  })
}

/** Ends a tunnel with the status that a plain HTTP proxy would answer. */
export function refuse(tunnel: Tunnel, status: number, reason: string): void {
  const body = Buffer.from(`  ${reason.replace(UNPRINTABLE, '?')}`)
  body.writeUInt16LE(status)
  tunnel.cut(TUNNEL.REFUSED, body)
}
