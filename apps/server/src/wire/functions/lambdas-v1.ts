import * as z from 'zod'
import { AskedId, FunctionState, listOf, type RouteSpec } from '@parley/contract'
import { type Http, route } from '#base/http'
import { invalid } from '#base/kernel'
import { ChangedLambda, NewLambda, withoutEmptyPairs } from './bodies-v1.ts'
import type { Deps } from './deps.ts'
import { eventFilterOf, eventIdOf, RUNTIME, toLambda, toShownLambda } from './shapes.ts'

const base = '/api/account/:accountId'
const InAccount = z.object({ accountId: z.string() })
const OneLambda = InAccount.extend({ uuid: AskedId })

const list = {
  method: 'GET',
  path: `${base}/lambdas`,
  auth: 'function:read',
  params: InAccount,
  query: z.object({
    name: z.string().optional(),
    eventId: z.string().optional(),
    state: listOf(FunctionState),
  }),
} as const satisfies RouteSpec
const get = {
  method: 'GET',
  path: `${base}/lambdas/:uuid`,
  auth: 'function:read',
  params: OneLambda,
} as const satisfies RouteSpec
const create = {
  method: 'POST',
  path: `${base}/lambdas`,
  auth: 'function:write',
  params: InAccount,
  body: NewLambda,
  status: 201,
} as const satisfies RouteSpec
const update = {
  method: 'PUT',
  path: `${base}/lambdas/:uuid`,
  auth: 'function:write',
  params: OneLambda,
  body: ChangedLambda,
} as const satisfies RouteSpec
const remove = {
  method: 'DELETE',
  path: `${base}/lambdas/:uuid`,
  auth: 'function:write',
  params: OneLambda,
} as const satisfies RouteSpec
const deploy = {
  method: 'POST',
  path: `${base}/deployments/:uuid`,
  auth: 'function:write',
  params: OneLambda,
} as const satisfies RouteSpec
const undeploy = { ...deploy, method: 'DELETE' } as const satisfies RouteSpec
const runtimes = {
  method: 'GET',
  path: `${base}/runtimes`,
  auth: 'function:read',
  params: InAccount,
} as const satisfies RouteSpec

export function lambdaRoutesV1({ app }: Http, { functions: { drafts, deployments } }: Deps) {
  route(app, list, async ({ params, query: { state: states, ...filter }, principal }) => {
    const eventId = eventFilterOf(filter.eventId)
    const found = await drafts.listWhole(params.accountId, { ...filter, eventId, states })
    return found.map((one) => toShownLambda(principal, one))
  })
  route(app, get, async ({ params, principal }) => [
    toShownLambda(principal, await drafts.getWhole(params.accountId, params.uuid)),
  ])
  route(app, create, async ({ params: { accountId }, body, principal }) => {
    const { implementation, eventId, ...rest } = body
    const { functionId } = await drafts.create(accountId, principal.name, {
      name: rest.name,
      description: rest.description,
      eventId: eventIdOf(eventId),
      skills: rest.skills ?? [],
      ...(rest.samplePayload && { samplePayload: rest.samplePayload }),
      code: implementation.code,
      dependencies: withoutEmptyPairs(implementation.dependencies ?? []),
      environment: withoutEmptyPairs(implementation.environmentVariables ?? []),
    })
    return toLambda(await drafts.getWhole(accountId, functionId))
  })
  route(app, update, async ({ params: { accountId, uuid }, body, principal, reply }) => {
    const { row } = await drafts.getWhole(accountId, uuid)
    refuseChangeOf('name', body.name ?? row.name, row.name)
    if (body.eventId !== undefined) {
      refuseChangeOf('eventId', eventIdOf(body.eventId), row.eventId ?? undefined)
    }
    const { code, dependencies, environmentVariables } = body.implementation ?? {}
    const saved = await drafts.update(accountId, principal.name, uuid, {
      ...(body.version !== undefined && { version: body.version }),
      ...(body.description !== undefined && { description: body.description }),
      ...(body.skills && { skills: body.skills }),
      ...(body.samplePayload && { samplePayload: body.samplePayload }),
      ...(code !== undefined && { code }),
      ...(dependencies && { dependencies: withoutEmptyPairs(dependencies) }),
      ...(environmentVariables && { environment: withoutEmptyPairs(environmentVariables) }),
    })
    if (!saved) return reply.code(304).send()
    return toLambda(await drafts.getWhole(accountId, uuid))
  })
  route(app, remove, ({ params: { accountId, uuid }, principal }) =>
    drafts.delete(accountId, principal.name, uuid),
  )
  route(app, deploy, async ({ params: { accountId, uuid }, principal }) => {
    await deployments.deploy(accountId, principal.name, uuid)
    // The command line takes a body with a `uuid` for a failure.
    return { message: 'Successfully started deployment' }
  })
  route(app, undeploy, async ({ params: { accountId, uuid }, principal }) => {
    await deployments.undeploy(accountId, principal.name, uuid)
    return { message: 'Successfully started undeployment' }
  })
  route(app, runtimes, () => [RUNTIME])
}

function refuseChangeOf(field: string, wanted: unknown, kept: unknown): void {
  if (wanted === kept) return
  throw invalid(`body.${field}`, 'cannot be changed after the creation')
}
