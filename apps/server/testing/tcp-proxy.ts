import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'

export interface TcpProxy extends Disposable {
  /** Of 127.0.0.1. */
  readonly port: number
  /** Loses all that is sent on connections of before or from now on, and breaks none. */
  silence(): void
  /** New connections are silent; those of before go on. */
  silenceNew(): void
  /** How many new connections were taken in silence. */
  lost(): number
  /** New connections work; those of before stay silent. */
  speak(): void
  /** Breaks all connections and takes none. */
  close(): void
  open(): Promise<void>
}

/** A proxy to what `connect` reaches, that can be closed and opened again. */
export async function openTcpProxy(connect: () => Socket): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let isSilent = false
  let lost = 0
  /** Takes what comes and says nothing, as a network that loses every packet. */
  const lose = (socket: Socket) => socket.unpipe().resume()
  const server = createServer((near) => {
    near.on('error', () => undefined)
    if (isSilent) {
      sockets.add(lose(near))
      lost += 1
      return
    }
    const far = connect()
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const close = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return {
    port,
    silence() {
      isSilent = true
      for (const socket of sockets) lose(socket)
    },
    silenceNew() {
      isSilent = true
    },
    lost: () => lost,
    speak() {
      isSilent = false
    },
    close,
    [Symbol.dispose]: close,
    async open() {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
  }
}

export interface DatabaseProxy extends TcpProxy {
  readonly url: string
}

/** A proxy to the database at this address. */
export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const { searchParams, username, password, pathname } = new URL(url)
  const proxy = await openTcpProxy(() =>
    createConnection(`${searchParams.get('host')}/.s.PGSQL.5432`),
  )
  return {
    ...proxy,
    url: `postgresql://${username}:${password}@127.0.0.1:${proxy.port}${pathname}`,
  }
}
