import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startNameServer } from '../../apps/server/testing/name-server.ts'
import { PATIENT_SERVER } from '../../apps/server/testing/patience.ts'

/** A host that functions may call by its name, on loopback, and the name server that knows it. */
export interface Site extends AsyncDisposable {
  /** `name:port` */
  host: string
  /** `address:port` */
  nameServer: string
}

/** The end of names about which the name server keeps silent. */
export const SILENT = '.silent.test'

/** Answers `/double?n` with twice the number, and `/endless` with bytes until it is cut off. */
export async function startSite(): Promise<Site> {
  const names = await startNameServer((name) =>
    name.endsWith(SILENT) ? 'silent' : name === 'site.test' ? ['127.0.0.1'] : 'no such name',
  )
  const server = createServer(PATIENT_SERVER, (request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://site.test')
    request.on('error', () => undefined).resume()
    if (pathname !== '/endless') return void response.end(String(2 * Number(search.slice(1))))
    const chunk = Buffer.alloc(65_536)
    const go = () => {
      while (response.write(chunk));
    }
    response.on('drain', go).on('error', () => undefined)
    go()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `site.test:${(server.address() as AddressInfo).port}`,
    nameServer: names.address,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await names[Symbol.asyncDispose]()
    },
  }
}
