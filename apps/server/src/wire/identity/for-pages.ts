import type { Http } from '#base/http'

/**
 * Mounts routes for pages of other sites, which may read refusals, too. That is safe: what allows such a request is sent by no browser by
 * itself.
 */
export function routesForPages(
  { app }: Pick<Http, 'app'>,
  { methods, paths }: { methods: string; paths: readonly string[] },
  mount: (app: Http['app']) => void,
): void {
  void app.register(async (scope) => {
    scope.addHook('onRequest', async (_request, reply) => {
      reply.headers({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'x-request-id, retry-after',
      })
    })
    mount(scope)
    for (const path of paths) {
      scope.options(path, (_request, reply) =>
        reply
          .headers({
            'access-control-allow-methods': methods,
            'access-control-allow-headers': 'content-type, authorization',
            'access-control-max-age': '86400',
          })
          .code(204)
          .send(),
      )
    }
  })
}
