import type { FastifyInstance } from 'fastify'

/**
 * What lets pages of other sites read an answer, also a refusal. That is safe where what allows the request is sent by no browser by itself:
 * a token in a header, or an address that is signed.
 */
export const FOR_PAGES = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'x-request-id, retry-after',
}

/** What pages of other sites may send. */
interface Allowed {
  methods: string
  headers: string
}

/** The headers of the answer to what a browser asks before a page of another site sends a request. */
export function preflightHeaders({ methods, headers }: Allowed): Record<string, string> {
  return {
    ...FOR_PAGES,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': headers,
    'access-control-max-age': '86400',
  }
}

/** Mounts routes for pages of other sites, with the answers to what browsers ask about these paths. */
export function routesForPages(
  { app }: { app: FastifyInstance },
  { paths, ...allowed }: Allowed & { paths: readonly string[] },
  mount: (app: FastifyInstance) => void,
): void {
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers(FOR_PAGES)
    })
    mount(scope)
    for (const path of paths) {
      scope.options(path, (_request, reply) =>
        reply.headers(preflightHeaders(allowed)).code(204).send(),
      )
    }
  })
}
