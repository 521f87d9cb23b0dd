import type { IncomingHttpHeaders } from 'node:http'
import { contextStore as contract } from '@parley/contract'
import { type Http, route, type RouteCall } from '#base/http'
import type { ContextStoreDeps } from './deps.ts'
import { checkKey, getKey, replaceKey } from './key.ts'
import { createNamespace, deleteNamespace, listNamespaces } from './namespaces.ts'
import {
  deleteProperty,
  deleteSession,
  listSessions,
  readProperties,
  readProperty,
  writeProperties,
} from './properties.ts'

interface ContextRequest {
  params: unknown
  headers: IncomingHttpHeaders
}

/** The published API of the context service, and the native operations for its key. */
export function contextStoreRoutes({ app }: Http, deps: ContextStoreDeps): void {
  const admit = async (request: ContextRequest) => {
    const { accountId } = request.params as { accountId: string }
    const given = request.headers['maven-api-key']
    await checkKey(deps, accountId, typeof given === 'string' ? given : undefined)
    return true
  }

  route(app, contract.listNamespaces, ({ params }) => listNamespaces(deps, params.accountId), admit)
  route(
    app,
    contract.createNamespace,
    ({ params, body, query }) =>
      createNamespace(deps, params.accountId, { ...body, ttlSecond: query.ttlSecond }),
    admit,
  )
  route(
    app,
    contract.deleteNamespace,
    ({ params }) => deleteNamespace(deps, params.accountId, params.namespace),
    admit,
  )
  route(
    app,
    contract.listContextSessions,
    ({ params, query }) => listSessions(deps, params, query.after),
    admit,
  )
  for (const spec of [contract.readProperties, contract.readDefaultProperties]) {
    route(app, spec, ({ params }) => readProperties(deps, params), admit)
  }
  for (const spec of [contract.writeProperties, contract.writeDefaultProperties]) {
    route(app, spec, ({ params, body }) => writeProperties(deps, params, body), admit)
  }
  for (const spec of [contract.deleteContextSession, contract.deleteDefaultSession]) {
    route(app, spec, ({ params }) => deleteSession(deps, params), admit)
  }
  for (const spec of [contract.readProperty, contract.readDefaultProperty]) {
    const read = async ({ params, reply }: RouteCall<typeof spec>) => {
      const { name, ...place } = params
      const value = await readProperty(deps, place, name)
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(value))
    }
    route(app, spec, read, admit)
  }
  for (const spec of [contract.writeProperty, contract.writeDefaultProperty]) {
    const write = ({ params: { name, ...place }, body }: RouteCall<typeof spec>) =>
      writeProperties(deps, place, { [name]: body })
    route(app, spec, write, admit)
  }
  for (const spec of [contract.deleteProperty, contract.deleteDefaultProperty]) {
    const remove = ({ params: { name, ...place } }: RouteCall<typeof spec>) =>
      deleteProperty(deps, place, name)
    route(app, spec, remove, admit)
  }

  route(app, contract.getContextKey, ({ params }) => getKey(deps, params.accountId))
  route(app, contract.replaceContextKey, ({ params, principal }) =>
    replaceKey(deps, params.accountId, principal.name),
  )
}
