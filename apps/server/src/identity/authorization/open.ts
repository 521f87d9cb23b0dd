import type { FastifyRequest } from 'fastify'
import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { addressOf } from './asking.ts'
import { delegatedScopes } from './configure.ts'
import type { AuthorizationDeps } from './deps.ts'
import type { OpenAuthorizationDeps } from './given-deps.ts'
import * as forPeople from './for-people.ts'
import * as answering from './call-provider.ts'
import { openProviders } from './providers.ts'
import { interactionRoutes } from './routes.ts'

export type Authorization = ReturnType<typeof openAuthorization>

/** The OAuth2 server by which users let applications act for them. The published paths lead here. */
export function openAuthorization(given: OpenAuthorizationDeps) {
  const deps: AuthorizationDeps = { ...given, providers: openProviders(given) }
  return {
    ...withDeps(deps, answering),
    delegatedScopes,
    /** The address by which a request has reached this server; `undefined` for a Host header that is no host. */
    addressOf: (request: FastifyRequest) => addressOf(request, given.publicUrl),
    ...withDeps(deps, forPeople),
    routes: (http: Http): void =>
      forPeople.routesForPeople(deps, http, (app) => interactionRoutes({ ...http, app }, deps)),
  }
}
