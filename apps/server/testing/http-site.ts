import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PATIENT_SERVER } from './patience.ts'

/** A site of the outside world, on a free port of this machine. */
export interface HttpSite extends AsyncDisposable {
  port: number
  /** With its port. */
  host: string
  origin: string
}

export async function startHttpSite(serve: RequestListener): Promise<HttpSite> {
  const server = createServer(PATIENT_SERVER, serve)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const host = `127.0.0.1:${port}`
  return {
    port,
    host,
    origin: `http://${host}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
