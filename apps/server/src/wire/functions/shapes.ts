import type { FunctionSummary } from '@parley/contract'
import type { Principal } from '#base/http'
import { sampleOf, shownEnvironment, type WholeFunction } from '#faas/functions'

export const RUNTIME = {
  uuid: '6e0c2c7e-7d0a-4f0f-9c55-8a6f0e2b7d20',
  name: 'Node.js 20',
  baseImageName: 'parley-node:20',
} as const

/** A function as the first dialect shows it. */
export function toLambda({ row, version, lastDeployment }: WholeFunction) {
  return {
    uuid: row.functionId,
    version: row.version,
    name: row.name,
    ...(row.eventId !== null && { eventId: row.eventId }),
    description: row.description,
    samplePayload: sampleOf(row),
    skills: row.skills,
    state: row.state,
    runtime: RUNTIME,
    createdBy: row.createdBy,
    updatedBy: row.updatedBy,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    lastDeployment: lastDeployment ? toLastDeployment(lastDeployment) : {},
    implementation: {
      code: version.code,
      dependencies: version.dependencies,
      environmentVariables: version.environment,
    },
  }
}

/** What the caller may see of it: without `function:source` no source, no environment, no payload and no error of the source. */
export function toShownLambda({ permissions }: Principal, whole: WholeFunction) {
  const lambda = toLambda(whole)
  if (permissions.has('function:source')) {
    const environmentVariables = shownEnvironment({ permissions }, whole.version.environment)
    return { ...lambda, implementation: { ...lambda.implementation, environmentVariables } }
  }
  const { implementation: _source, samplePayload: _payload, ...summary } = lambda
  const { lastDeployment } = lambda
  return 'uuid' in lastDeployment
    ? { ...summary, lastDeployment: { ...lastDeployment, deploymentError: null } }
    : summary
}

function toLastDeployment(row: NonNullable<WholeFunction['lastDeployment']>) {
  return {
    uuid: row.deploymentId,
    name: row.name,
    lambdaUUID: row.functionId,
    lambdaVersion: row.version,
    imageName: 'n/a',
    deploymentState: row.state,
    deploymentError: row.error && { ...row.error, errorLogs: [] },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    ...(row.deployedAt && { deployedAt: row.deployedAt.toISOString() }),
    createdBy: row.createdBy,
    updatedBy: row.updatedBy,
  }
}

/** A function as the second dialect lists it. */
export function toFunctionV2({ functionId, eventId, ...row }: FunctionSummary) {
  return {
    name: row.name,
    uuid: functionId,
    state: row.state,
    description: row.description,
    updatedBy: row.updatedBy,
    updatedAt: row.updatedAt,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    isCompV1: true,
    size: row.size,
    ...(eventId !== undefined && { eventId }),
    skills: row.skills,
  }
}

/** What the command line writes for functions without an event. Older versions of it send that text back. */
const NO_EVENT = 'No Event'

export function eventIdOf(eventId: string | null | undefined): string | undefined {
  return eventId === null || eventId === '' || eventId === NO_EVENT ? undefined : eventId
}

/** Of a list: `undefined` for all functions, `null` for those without an event. */
export function eventFilterOf(eventId: string | undefined): string | null | undefined {
  return eventId === NO_EVENT ? null : eventIdOf(eventId)
}
