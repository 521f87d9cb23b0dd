/**
 * Frames of the pipe between an instance and the egress proxy, which carries all connections of the instance:
 * `u8 kind · u32 tunnel · u32 length of the body · body`, little-endian. The instance numbers its tunnels upwards.
 */
export const TUNNEL = {
  // instance to proxy
  /** Body: `host:port`, a line feed, the place of the call in the code. It is an outgoing call. */
  OPEN: 1,
  /** Another outgoing call begins on an open tunnel. */
  NEXT: 2,
  // both ways
  DATA: 3,
  /** No more data from this side. */
  END: 4,
  /** The tunnel is gone. Body: why, or nothing. */
  RESET: 5,
  /** Body: u32 of credit that the reader of a tunnel gives back. */
  GRANT: 6,
  // proxy to instance
  OPENED: 7,
  /** Body: u16 status, then the reason. The tunnel is gone. */
  REFUSED: 8,
} as const

const HEAD_BYTES = 9
/** What a writer may send before the reader grants more. A frame costs its bytes and `FRAME_COST`. */
export const CREDIT = 262_144
/** What a frame costs beside its bytes: the reader's memory for many small ones is bounded, too. */
export const FRAME_COST = 512
/** Less is never granted, so that a reader cannot flood a writer with grants. */
export const LEAST_GRANT = 65_536
export const MAX_DATA_BYTES = 65_536
/** Of every frame that is no data. */
export const MAX_TEXT_BYTES = 1_024

export interface TunnelFrame {
  kind: number
  tunnel: number
  /** Whole, but of data what has arrived of it: then more pieces follow. */
  body: Buffer
  /** False for a further piece of the same data. */
  isFirst: boolean
}

export function tunnelFrameHead(kind: number, tunnel: number, bodyBytes: number): Buffer {
  const head = Buffer.allocUnsafe(HEAD_BYTES)
  head[0] = kind
  head.writeUInt32LE(tunnel, 1)
  head.writeUInt32LE(bodyBytes, 5)
  return head
}

/** Cuts chunks into frames. Returns false, and stays false, after a frame that is too long or that `take` refuses. */
export function tunnelFrameReader(
  take: (frame: TunnelFrame) => boolean,
): (chunk: Buffer) => boolean {
  /** The beginning of a frame that is not data. */
  let held: Buffer = Buffer.alloc(0)
  /** The data frame that has begun. */
  let data = { tunnel: 0, left: 0 }
  let isBroken = false

  /** Takes what `bytes` has of the frame at `at`. Returns where it ends, or `undefined` when more must arrive first. */
  function takeOne(bytes: Buffer, at: number): number | undefined {
    if (data.left > 0) {
      const end = Math.min(bytes.length, at + data.left)
      data.left -= end - at
      return pass(TUNNEL.DATA, data.tunnel, bytes.subarray(at, end), false) ? end : undefined
    }
    const start = at + HEAD_BYTES
    if (start > bytes.length) return undefined
    const kind = bytes[at] ?? 0
    const tunnel = bytes.readUInt32LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const isData = kind === TUNNEL.DATA
    if (length > (isData ? MAX_DATA_BYTES : MAX_TEXT_BYTES) || (isData && length === 0)) {
      isBroken = true
      return undefined
    }
    const end = start + length
    if (isData) {
      if (start === bytes.length) return undefined
      data = { tunnel, left: Math.max(0, end - bytes.length) }
    } else if (end > bytes.length) return undefined
    const body = bytes.subarray(start, Math.min(end, bytes.length))
    return pass(kind, tunnel, body, true) ? start + body.length : undefined
  }

  function pass(kind: number, tunnel: number, body: Buffer, isFirst: boolean): boolean {
    isBroken = !take({ kind, tunnel, body, isFirst })
    return !isBroken
  }

  return (chunk) => {
    if (isBroken) return false
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let at = 0
    for (;;) {
      const end = at < bytes.length ? takeOne(bytes, at) : undefined
      if (end === undefined) break
      at = end
    }
    // A copy: a part would keep the whole chunk.
    held = Buffer.from(bytes.subarray(at))
    return !isBroken
  }
}
