import * as contract from '@parley/contract'
import { EVENTS, NO_EVENT } from '@parley/contract/events'
import { type Http, route, type RouteCall } from '#base/http'
import { eventSchemasOf, inputTypesOf, typesAround } from '#faas/source'
import { createFunction } from './create.ts'
import { deleteFunction } from './delete.ts'
import { deployFunction } from './deploy.ts'
import type { FunctionsDeps } from './deps.ts'
import { shown } from './describe.ts'
import {
  compareVersions,
  getFunction,
  getVersion,
  listDeployments,
  listFunctions,
  listVersions,
} from './read.ts'
import { restoreVersion } from './restore.ts'
import { rollBackFunction } from './roll-back.ts'
import { undeployFunction } from './undeploy.ts'
import { saveFunction } from './update.ts'

/** The native API of this module. */
export function functionRoutes({ app }: Http, deps: FunctionsDeps): void {
  route(app, contract.listFunctions, async ({ params, query: { state: states, ...filter } }) => ({
    functions: await listFunctions(deps, params.accountId, { ...filter, states }),
  }))
  route(app, contract.createFunction, ({ params, body, principal }) =>
    createFunction(deps, params.accountId, principal.name, body),
  )
  route(app, contract.getFunction, async ({ params, principal }) =>
    shown(principal, await getFunction(deps, params.accountId, params.functionId)),
  )
  for (const spec of [contract.updateFunction, contract.patchFunction]) {
    route(app, spec, ({ params, body, principal }: RouteCall<typeof spec>) =>
      saveFunction(deps, params.accountId, principal.name, params.functionId, body),
    )
  }
  route(app, contract.deleteFunction, ({ params, principal }) =>
    deleteFunction(deps, params.accountId, principal.name, params.functionId),
  )
  route(app, contract.checkSource, async ({ params, body }) => {
    const { codeCharacters } = await deps.functionConfig.limitsOf(params.accountId)
    const checked = await deps.compiler.check(params.accountId, body.code, {
      types: true,
      eventId: body.eventId,
      language: body.language,
      maxCharacters: codeCharacters,
    })
    return checked.ok
      ? { valid: true, problems: [], warnings: checked.warnings }
      : { valid: false, problems: checked.problems, warnings: [] }
  })

  route(app, contract.getSourceTypes, async ({ query: { eventId } }) => ({
    files: await typesAround(inputTypesOf(eventId)),
  }))

  route(app, contract.listFunctionVersions, async ({ params }) => ({
    versions: await listVersions(deps, params.accountId, params.functionId),
  }))
  route(app, contract.getFunctionVersion, async ({ params, principal }) =>
    shown(principal, await getVersion(deps, params.accountId, params.functionId, params.version)),
  )
  route(app, contract.compareFunctionVersions, async ({ params, query, principal }) => {
    const found = await compareVersions(deps, params.accountId, params.functionId, query)
    return { ...found, from: shown(principal, found.from), to: shown(principal, found.to) }
  })
  route(app, contract.restoreFunctionVersion, ({ params, principal }) =>
    restoreVersion(deps, params.accountId, principal.name, params.functionId, params.version),
  )

  route(app, contract.deployFunction, ({ params, query, principal }) =>
    deployFunction(deps, params.accountId, principal.name, params.functionId, query.version),
  )
  route(app, contract.undeployFunction, ({ params, principal }) =>
    undeployFunction(deps, params.accountId, principal.name, params.functionId),
  )
  route(app, contract.listDeployments, async ({ params }) => ({
    deployments: await listDeployments(deps, params.accountId, params.functionId),
  }))
  route(app, contract.rollBackFunction, ({ params, principal }) =>
    rollBackFunction(
      deps,
      params.accountId,
      principal.name,
      params.functionId,
      params.deploymentId,
    ),
  )

  route(app, contract.getEventSchemas, ({ params }) => eventSchemasOf(params.eventId))
  route(app, contract.listFunctionEvents, () => ({
    events: EVENTS.map(({ id, payload: _payload, result: _result, ...event }) => ({
      eventId: id,
      ...event,
    })),
    noEvent: NO_EVENT,
  }))
}
