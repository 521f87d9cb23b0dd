import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A WebSocket by hand, for what no library sends. */
export interface RawWebSocket extends Disposable {
  /** Of the handshake. */
  readonly status: number
  readonly socket: Socket
  /** Sends the head of a text frame of so many bytes, and none of them. */
  beginFrame(bytes: number, options?: { fin?: boolean }): void
  /** Sends bytes of the frame that was begun. */
  send(bytes: number): void
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>
}

export async function openRawWebSocket(
  url: string,
  path: string,
  { headers = {}, localAddress }: { headers?: Record<string, string>; localAddress?: string } = {},
): Promise<RawWebSocket> {
  const { hostname, port } = new URL(url)
  const socket = connect({
    host: hostname,
    port: Number(port),
    ...(localAddress !== undefined && { localAddress }),
  })
  socket.on('error', () => socket.destroy())
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const lines = Object.entries({
    host: hostname,
    upgrade: 'websocket',
    connection: 'Upgrade',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const answered = once(socket, 'data').then(([chunk]) => String(chunk))
  const head = await Promise.race([answered, closed.then(() => '')])
  return {
    status: Number(head.split(' ')[1] ?? 0),
    socket,
    beginFrame(bytes, { fin = true } = {}) {
      const frame = Buffer.alloc(14)
      frame[0] = (fin ? 0x80 : 0) | 0x01
      frame[1] = 0x80 | 127
      frame.writeBigUInt64BE(BigInt(bytes), 2)
      socket.write(frame)
    },
    send: (bytes) => void socket.write(Buffer.alloc(bytes, 'x')),
    closed,
    [Symbol.dispose]: () => void socket.destroy(),
  }
}
