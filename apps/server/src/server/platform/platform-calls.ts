import { Pool } from 'undici'
import { z } from 'zod'
import { isOwnHost, OWN_HOST } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { InternalListener } from '#faas/egress'
import type { FunctionConfig } from '#faas/function-config'
import { isService } from '#wire/identity'

const Domain = z.object({ service: z.string().max(100) })
const InternalRequest = z.object({
  host: z.string().regex(/^[\w.-]{1,253}$/),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']),
  path: z
    .string()
    .regex(/^\/[^\s]*$/)
    .max(8_192),
  headers: z.record(z.string(), z.string()),
  /** Base64; empty for none. */
  body: z.string().optional(),
})

/** Hop-by-hop members, and what the pool sets itself. */
const NOT_FORWARDED = new Set(['connection', 'content-length', 'host', 'transfer-encoding'])

const MAX_MS = 30_000
/** Many: a request may wait for a function that sends requests of its own. */
const MAX_CONNECTIONS = 1_000

/**
 * Answers what the toolbelt asks of the platform; the kinds are listed in `packages/toolbelt/PLATFORM-CALLS.md`.
 * A request to Parley's own services goes through the listener, so the same checks apply as to requests from outside.
 */
export function openPlatformCalls(
  { secrets }: Pick<FunctionConfig, 'secrets'>,
  listener: () => InternalListener | undefined,
): AsyncDisposable & {
  answer(accountId: string, functionId: string, kind: string, args: unknown): Promise<unknown>
} {
  const pools = new Map<string, Pool>()

  /** One pool per account for all names of this node: the name stands in the request. */
  function poolOf(accountId: string): Pool {
    const known = pools.get(accountId)
    if (known) return known
    const own = listener()
    if (!own) throw new ParleyError('unavailable', 'The server is starting')
    const pool = new Pool(`https://${own.host}:${own.port}`, {
      connections: MAX_CONNECTIONS,
      connect: { ca: own.ca, servername: OWN_HOST },
    })
    pools.set(accountId, pool)
    return pool
  }

  async function request(accountId: string, asked: z.infer<typeof InternalRequest>) {
    const { host, method, path, headers, body } = asked
    if (!isOwnHost(host)) {
      throw new ParleyError('forbidden', `host: "${host}" is none of the platform's own`)
    }
    const forwarded = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name))
    const answer = await poolOf(accountId).request({
      method,
      path,
      headers: { ...Object.fromEntries(forwarded), host },
      body: body ? Buffer.from(body, 'base64') : null,
      headersTimeout: MAX_MS,
      bodyTimeout: MAX_MS,
    })
    const bytes = Buffer.from(await answer.body.arrayBuffer())
    return {
      statusCode: answer.statusCode,
      headers: answer.headers,
      body: bytes.toString('base64'),
    }
  }

  return {
    async answer(accountId, functionId, kind, args) {
      switch (kind) {
        case 'csds.domain': {
          const { service } = parse(Domain, args)
          if (isService(service)) return { host: OWN_HOST }
          throw new ParleyError('not_found', `There is no service "${service}"`)
        }
        case 'secret.used':
          return secrets.usedBy(accountId, functionId)
        case 'internal.request':
          return request(accountId, parse(InternalRequest, args))
        default:
          throw new ParleyError('invalid_request', `The platform does not know "${kind}"`)
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

function parse<T>(schema: z.ZodType<T>, args: unknown): T {
  const read = schema.safeParse(args)
  if (read.success) return read.data
  throw new ParleyError('invalid_request', z.prettifyError(read.error))
}
