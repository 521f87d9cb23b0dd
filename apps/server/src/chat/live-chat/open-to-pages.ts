import type { Http } from '#base/http'

const CHATS = '/api/v1/accounts/:accountId/consumer/chats'

/** Consumers chat from pages of other origins; what lets them in is the chat's token, which no browser sends by itself. */
export function openToPages(app: Http['app']): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-request-id, retry-after',
    })
  })
  for (const path of [CHATS, `${CHATS}/*`]) {
    app.options(path, (_request, reply) =>
      reply
        .headers({
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': 'authorization, content-type, last-event-id',
          'access-control-max-age': '86400',
        })
        .code(204)
        .send(),
    )
  }
}
