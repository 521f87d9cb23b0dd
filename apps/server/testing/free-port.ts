import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below what systems take for outgoing connections: nobody gets such a port by chance before it is used. */
const PORTS = { first: 10_240, last: 31_999 } as const

let next = randomInt(PORTS.first, PORTS.last + 1)

/** A port of the loopback that is free now, and that this process has not given to anybody yet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next
    next = port < PORTS.last ? port + 1 : PORTS.first
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  const listening = new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
  })
  if (!(await listening)) return false
  await new Promise((resolve) => server.close(resolve))
  return true
}
