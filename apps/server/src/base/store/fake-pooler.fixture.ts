import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * A pooler in transaction mode, as far as a start notices: its few sessions of the database answer in turn, whatever asks.
 */
export async function openFakePooler(sessions: number): Promise<AsyncDisposable & { url: string }> {
  let asked = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let isStarted = false
    socket.on('error', () => sockets.delete(socket))
    socket.on('data', (data: Buffer) => {
      if (!isStarted) socket.write(Buffer.concat([message('R', int32(0)), READY]))
      else if (data.toString('latin1', 0, 1) === 'Q')
        socket.write(answerTo(data.toString(), 4711 + (asked++ % sessions)))
      else socket.end()
      isStarted = true
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `postgresql://parley@127.0.0.1:${port}/parley`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerTo(query: string, pid: number): Buffer {
  const row: [name: string, type: number, value: string][] = query.includes('server_version')
    ? [
        ['version', TEXT, '18.1'],
        ['number', INT4, '180001'],
        ['encoding', TEXT, 'UTF8'],
      ]
    : [['pid', INT4, String(pid)]]
  const columns = row.map(([name, type]) =>
    Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]),
  )
  const values = row.map(([, , value]) => Buffer.concat([int32(value.length), Buffer.from(value)]))
  return Buffer.concat([
    message('T', int16(row.length), ...columns),
    message('D', int16(row.length), ...values),
    message('C', text('SELECT 1')),
    READY,
  ])
}

const TEXT = 25
const INT4 = 23

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

function text(value: string): Buffer {
  return Buffer.from(`${value}\0`)
}

const READY = message('Z', Buffer.from('I'))
