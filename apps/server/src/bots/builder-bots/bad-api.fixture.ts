import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PATIENT_SERVER } from '#testing'

/** An HTTP API whose paths answer badly. */
export async function startBadApi() {
  const silent = Promise.withResolvers<void>()
  const http = createServer(PATIENT_SERVER, (request, answer) => {
    if (request.url === '/silent') return silent.resolve()
    if (request.url === '/large') return answer.end('x'.repeat(300_000))
    if (request.url === '/broken') return void request.socket.destroy()
    answer.statusCode = request.url === '/moved' ? 304 : 500
    return answer.end('{"error": "x"}')
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    port,
    /** Somebody waits for an answer that does not come. */
    waited: silent.promise,
    async [Symbol.asyncDispose]() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}

export type BadApi = Awaited<ReturnType<typeof startBadApi>>
