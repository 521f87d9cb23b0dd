import { ParleyError } from '#base/kernel'
import type { HotRequest } from './hot.ts'

/**
 * The unparsed body of a hot request. A promise only where it has to be waited for.
 * @throws ParleyError for one that is announced as too large, before it is read
 */
export function readBody(request: HotRequest, limit: number): Buffer | Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  if ('body' in request) return request.body
  // The client may have left while the request was checked: then there is neither `end` nor `close` to come.
  if (request.destroyed) throw cutOff()
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size <= limit) {
      chunks.push(chunk)
      return
    }
    request.removeAllListeners('data')
    request.pause()
    reject(tooLarge(limit))
  })
  request.on('end', () =>
    resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
  )
  // A connection that breaks closes the request before its end, even if all of it has come and was not read yet.
  request.on('close', () => {
    if (!request.readableEnded) reject(cutOff())
  })
  return promise
}

function tooLarge(limit: number): ParleyError {
  return new ParleyError('request_too_large', `The body is larger than ${limit} bytes`)
}

function cutOff(): ParleyError {
  return new ParleyError('invalid_request', 'The body was cut off')
}
