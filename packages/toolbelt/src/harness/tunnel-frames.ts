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
  /** A part of the bytes that arrived. */
  body: Buffer
}

export function tunnelFrame(kind: number, tunnel: number, body: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(HEAD_BYTES + body.length)
  frame[0] = kind
  frame.writeUInt32LE(tunnel, 1)
  frame.writeUInt32LE(body.length, 5)
  frame.set(body, HEAD_BYTES)
  return frame
}

/** Cuts chunks into frames. Returns false, and stays false, after a frame that is too long or that `take` refuses. */
export function tunnelFrameReader(
  take: (frame: TunnelFrame) => boolean,
): (chunk: Buffer) => boolean {
  let held: Buffer = Buffer.alloc(0)
  let isBroken = false

  return (chunk) => {
    if (isBroken) return false
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    let at = 0
    while (bytes.length - at >= HEAD_BYTES) {
      const kind = bytes[at] ?? 0
      const length = bytes.readUInt32LE(at + 5)
      if (length > (kind === TUNNEL.DATA ? MAX_DATA_BYTES : MAX_TEXT_BYTES)) isBroken = true
      if (isBroken || bytes.length - at - HEAD_BYTES < length) break
      const start = at + HEAD_BYTES
      const tunnel = bytes.readUInt32LE(at + 1)
      at = start + length
      isBroken = !take({ kind, tunnel, body: bytes.subarray(start, at) })
      if (isBroken) break
    }
    // A copy: a part would keep the whole chunk.
    held = Buffer.from(bytes.subarray(at))
    return !isBroken
  }
}
