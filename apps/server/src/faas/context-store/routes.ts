import type { IncomingHttpHeaders } from 'node:http'
import { contextStore as contract } from '@parley/contract'
import { type Http, route } from '#base/http'
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

interface ContextCall {
  params: { accountId: string }
  request: { headers: IncomingHttpHeaders }
}

/** The published API of the context service, and the native operations for its key. */
export function contextStoreRoutes({ app }: Http, deps: ContextStoreDeps): void {
  const admit = ({ params, request }: ContextCall) => {
    const given = request.headers['maven-api-key']
    return checkKey(deps, params.accountId, typeof given === 'string' ? given : undefined)
  }

  route(app, contract.listNamespaces, async (call) => {
    await admit(call)
    return listNamespaces(deps, call.params.accountId)
  })
  route(app, contract.createNamespace, async (call) => {
    await admit(call)
    const { params, body, query } = call
    await createNamespace(deps, params.accountId, { ...body, ttlSecond: query.ttlSecond })
  })
  route(app, contract.deleteNamespace, async (call) => {
    await admit(call)
    await deleteNamespace(deps, call.params.accountId, call.params.namespace)
  })
  route(app, contract.listContextSessions, async (call) => {
    await admit(call)
    return listSessions(deps, call.params)
  })
  for (const spec of [contract.readProperties, contract.readDefaultProperties]) {
    route(app, spec, async (call) => {
      await admit(call)
      return readProperties(deps, call.params)
    })
  }
  for (const spec of [contract.writeProperties, contract.writeDefaultProperties]) {
    route(app, spec, async (call) => {
      await admit(call)
      await writeProperties(deps, call.params, call.body)
    })
  }
  for (const spec of [contract.deleteContextSession, contract.deleteDefaultSession]) {
    route(app, spec, async (call) => {
      await admit(call)
      await deleteSession(deps, call.params)
    })
  }
  for (const spec of [contract.readProperty, contract.readDefaultProperty]) {
    route(app, spec, async (call) => {
      await admit(call)
      const { name, ...place } = call.params
      const value = await readProperty(deps, place, name)
      return call.reply.type('application/json; charset=utf-8').send(JSON.stringify(value))
    })
  }
  for (const spec of [contract.deleteProperty, contract.deleteDefaultProperty]) {
    route(app, spec, async (call) => {
      await admit(call)
      const { name, ...place } = call.params
      await deleteProperty(deps, place, name)
    })
  }

  route(app, contract.getContextKey, ({ params }) => getKey(deps, params.accountId))
  route(app, contract.replaceContextKey, ({ params, principal }) =>
    replaceKey(deps, params.accountId, principal.name),
  )
}
