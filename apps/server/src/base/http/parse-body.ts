import type { FastifyInstance, FastifyRequest } from 'fastify'
import { invalid, ParleyError } from '#base/kernel'
import { parseQuery } from './parse-query.ts'
import { readJson } from '#base/input'

const MAX_FORM_FIELDS = 200

const utf8 = new TextDecoder('utf-8', { fatal: true })

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Values and names in a JSON body. */
    maxValues?: number | undefined
  }
}

/** The two kinds of bodies that the API takes. A body without a Content-Type is taken for JSON. */
export function acceptBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const json = async (request: FastifyRequest, body: Buffer) => parseJson(request, body)
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, json)
  app.addContentTypeParser(/^application\/[\w.-]+\+json/, { parseAs: 'buffer' }, json)
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer' },
    async (_request: FastifyRequest, body: Buffer) => parseForm(body),
  )
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      const type = request.headers['content-type']
      if (type === undefined) return parseJson(request, body)
      throw new ParleyError(
        'unsupported_media_type',
        `Content-Type "${type}" is not supported; use application/json`,
      )
    },
  )
}

/** Reads a JSON body; an empty one is `undefined`. */
function parseJson(request: FastifyRequest, body: Buffer): unknown {
  const text = decode(body)
  if (text.trim() === '') return undefined
  return readJson(text, 'body', { maxValues: request.routeOptions.config.maxValues })
}

function parseForm(body: Buffer): Record<string, string | string[]> {
  const text = decode(body)
  if (text.split('&', MAX_FORM_FIELDS + 1).length > MAX_FORM_FIELDS) {
    throw invalid('body', `has more than ${MAX_FORM_FIELDS} fields`)
  }
  return parseQuery(text)
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body)
  } catch (cause) {
    throw new ParleyError('invalid_request', 'The body is not valid UTF-8', { cause })
  }
}
