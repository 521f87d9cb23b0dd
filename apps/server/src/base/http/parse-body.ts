import type { FastifyInstance, FastifyRequest } from 'fastify'
import { messageOf, ParleyError } from '#base/kernel'
import { checkText } from './check-text.ts'
import { parseQuery } from './parse-query.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** The two kinds of bodies that the API takes. A body without a Content-Type is taken for JSON. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const json = async (_request: FastifyRequest, body: Buffer) => parseJson(body)
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, json)
  app.addContentTypeParser(/^application\/[\w.-]+\+json/, { parseAs: 'buffer' }, json)
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseQuery(decode(body)),
  )
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const type = request.headers['content-type']
      if (type === undefined) return parseJson(body)
      // Where there is nothing, the answer is 404 whatever was sent.
      if (request.is404) return undefined
      throw new ParleyError(
        'unsupported_media_type',
        `Content-Type "${type}" is not supported; use application/json`,
      )
    },
  )
}

/**
 * Reads a JSON body; an empty one is `undefined`.
 * @throws `invalid_request` naming what is wrong: encoding, syntax, nesting, characters that cannot be stored
 */
function parseJson(body: Buffer): unknown {
  const text = decode(body)
  if (text.trim() === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new ParleyError('invalid_request', `The body is not JSON: ${messageOf(cause)}`, { cause })
  }
  checkText(value, 'body')
  return value
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch (cause) {
    throw new ParleyError('invalid_request', 'The body is not valid UTF-8', { cause })
  }
}
