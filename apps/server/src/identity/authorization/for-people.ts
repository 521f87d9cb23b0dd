import type { FastifyInstance } from 'fastify'
import { failureOf, type Http } from '#base/http'
import type { AuthorizationDeps } from './deps.ts'
import { isForPeople, sendProblem } from './asking.ts'
import { wordsFor } from './words.ts'

/** Mounts routes that people come to with browsers: whatever goes wrong there is told on a page. Programs get what they get elsewhere. */
export function routesForPeople(
  { logger }: Pick<AuthorizationDeps, 'logger'>,
  { app }: Pick<Http, 'app'>,
  mount: (app: FastifyInstance) => void,
): void {
  void app.register(async (scope) => {
    scope.setErrorHandler(async (thrown, request, reply) => {
      if (!isForPeople(request)) throw thrown
      const { code, status, message, retryAfterMs } = failureOf(logger, thrown, request.id)
      const { accountId = '' } = request.params as { accountId?: string }
      if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000))
      // See `openFramework`: the framework closes the connection of a body that is too large.
      reply.removeHeader('connection')
      return sendProblem(reply, status, wordsFor(request).refusals[code]?.(accountId) ?? message)
    })
    mount(scope)
  })
}
