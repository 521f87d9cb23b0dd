import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** More than this after its answer is not read: the connection is closed. */
const MAX_BYTES = 16_777_216

/** Reads what is left of bodies after their requests were answered. */
export interface RestReader {
  watch(request: IncomingMessage, response: ServerResponse): void
  /** Whether the request that is still being sent has its answer already. */
  isAnswered(socket: Duplex): boolean
}

/**
 * A connection that is closed while the client still sends takes the answer with it: the client sees a broken connection instead. So
 * the rest is read, for as long as a request may take.
 */
export function openRestReader(): RestReader {
  const answered = new WeakSet<Duplex>()
  return {
    watch(request, response) {
      // Before 'finish': Node would then throw the rest away uncounted.
      response.once('prefinish', () => {
        if (request.complete) return
        let bytes = 0
        answered.add(request.socket)
        request.once('end', () => answered.delete(request.socket))
        request.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > MAX_BYTES) request.destroy()
        })
        request.resume()
        request.read(0)
      })
    },
    isAnswered: (socket) => answered.has(socket),
  }
}
