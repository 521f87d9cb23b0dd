import type { Duplex } from 'node:stream'
import type { Tunnel, TunnelPipe } from './tunnel.ts'
import { TUNNEL, tunnelFrameHead, type TunnelFrame, tunnelFrameReader } from './tunnel-frames.ts'

/** One end of the pipe between an instance and the egress proxy. */
export interface TunnelEnd {
  /** Tunnels that are open. */
  readonly size: number
  /** Adds the tunnel of that number, which must be new. */
  add<T extends Tunnel>(number: number, make: (pipe: TunnelPipe) => T): T
}

interface Listener {
  /** Takes a frame of a kind that only one end gets. False when it must not be there. */
  take(frame: TunnelFrame, tunnel: Tunnel | undefined): boolean
  /** The other end does not keep to the protocol. */
  broken(): void
  /** Stops to read while answers wait to leave. Only one end may do so: two would wait for each other. */
  holdsBack: boolean
  /** Copies what is written: whoever writes may use its buffer again. */
  copies: boolean
}

const NOTHING = Buffer.alloc(0)
const { nextTick } = process

/** Reads and writes the frames of all tunnels. Both ends share it. */
export function openTunnelEnd(stream: Duplex, listener: Listener): TunnelEnd {
  const tunnels = new Map<number, Tunnel>()
  let newest = 0
  let isCorked = false

  const pipe: TunnelPipe = {
    send(kind, number, body = NOTHING) {
      if (stream.destroyed) return
      if (!isCorked) {
        // Everything that is sent in one turn leaves in one write.
        isCorked = true
        stream.cork()
        nextTick(() => {
          isCorked = false
          stream.uncork()
        })
      }
      stream.write(tunnelFrameHead(kind, number, body.length))
      if (body.length > 0) stream.write(listener.copies ? Buffer.from(body) : body)
    },
    isFull: () => stream.writableNeedDrain,
    closed: (number) => void tunnels.delete(number),
  }

  function take(frame: TunnelFrame): boolean {
    const { body, isFirst, kind } = frame
    const tunnel = tunnels.get(frame.tunnel)
    const isShared = kind >= TUNNEL.DATA && kind <= TUNNEL.GRANT
    if (!isShared) return listener.take(frame, tunnel)
    // A tunnel may have ended here while the other end still used it.
    if (!tunnel) return frame.tunnel <= newest
    if (kind === TUNNEL.DATA) return tunnel.takeData(body, isFirst)
    if (kind === TUNNEL.GRANT) return body.length === 4 && tunnel.takeGrant(body.readUInt32LE())
    if (kind === TUNNEL.END) tunnel.takeEnd()
    else tunnel.takeLoss(new Lost(body.toString() || 'The connection was closed'))
    return true
  }

  const read = tunnelFrameReader(take)
  stream.on('data', (chunk: Buffer) => {
    if (!read(chunk)) {
      listener.broken()
      stream.destroy()
    } else if (listener.holdsBack && stream.writableNeedDrain) {
      stream.pause()
    }
  })
  stream.on('drain', () => {
    stream.resume()
    for (const tunnel of tunnels.values()) tunnel.goOn()
  })
  stream.on('error', () => stream.destroy())
  stream.on('close', () => {
    for (const tunnel of tunnels.values()) tunnel.takeLoss(new Lost('The proxy is gone'))
  })

  return {
    get size() {
      return tunnels.size
    },
    add(number, make) {
      newest = number
      const made = make(pipe)
      tunnels.set(number, made)
      return made
    },
  }
}

/** What a socket reports when the other side has reset the connection. */
class Lost extends Error {
  readonly code = 'ECONNRESET'
}
