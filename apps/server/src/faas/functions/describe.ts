import { isDeepStrictEqual } from 'node:util'
import { findEvent, NO_EVENT } from '@parley/contract/events'
import type {
  DeploymentDetail,
  FunctionDetail,
  FunctionSummary,
  FunctionVersionDetail,
  KeyValue,
  Permission,
} from '@parley/contract'
import type { DeploymentRow, FunctionRow, VersionRow } from './repository.ts'

export function toSummary(row: FunctionRow): FunctionSummary {
  return {
    functionId: row.functionId,
    name: row.name,
    description: row.description,
    ...(row.eventId !== null && { eventId: row.eventId }),
    skills: row.skills,
    state: row.state,
    version: row.version,
    ...(row.liveVersion !== null && { liveVersion: row.liveVersion }),
    ...(row.liveDeploymentId !== null && { liveDeploymentId: row.liveDeploymentId }),
    size: row.size,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    updatedAt: row.updatedAt.toISOString(),
    updatedBy: row.updatedBy,
  }
}

/** What is stored where a function has no sample of its own. */
const OF_EVENT = NO_EVENT.samplePayload
/** What is stored where its own is the same text. */
const OWN_EMPTY = { ...NO_EVENT.samplePayload, isOwn: true }

/** Of a function that has no sample of its own: that of its event, as it is now and in the order of its document. */
export function sampleOf({ eventId, samplePayload }: FunctionRow): FunctionDetail['samplePayload'] {
  return storedSample(eventId, samplePayload) as FunctionDetail['samplePayload']
}

function storedSample(eventId: string | null, stored: object): object {
  if (isDeepStrictEqual(stored, OWN_EMPTY)) return NO_EVENT.samplePayload
  return isDeepStrictEqual(stored, OF_EVENT) ? sampleOfEvent(eventId) : stored
}

/** What is stored of a sample: nothing of that of the event, which may change after the function was made. */
export function ownSample(eventId: string | null, sample: object | undefined): object {
  if (sample === undefined || isDeepStrictEqual(sample, sampleOfEvent(eventId))) return OF_EVENT
  return isDeepStrictEqual(sample, OF_EVENT) ? OWN_EMPTY : sample
}

function sampleOfEvent(eventId: string | null): object {
  const event = eventId === null ? undefined : findEvent(eventId)
  return event?.samplePayload ?? NO_EVENT.samplePayload
}

export function toDetail(row: FunctionRow, version: VersionRow): FunctionDetail {
  return {
    ...toSummary(row),
    code: version.code,
    language: version.language,
    dependencies: version.dependencies,
    environment: version.environment,
    samplePayload: sampleOf(row),
    warnings: version.warnings ?? [],
  }
}

export function toVersionDetail(row: VersionRow): FunctionVersionDetail {
  return {
    functionId: row.functionId,
    version: row.version,
    description: row.description,
    code: row.code,
    language: row.language,
    dependencies: row.dependencies,
    environment: row.environment,
    ...(row.restoredFrom !== null && { restoredFrom: row.restoredFrom }),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
  }
}

export function toDeployment(
  row: DeploymentRow,
  liveDeploymentId: string | null,
): DeploymentDetail {
  return {
    deploymentId: row.deploymentId,
    functionId: row.functionId,
    name: row.name,
    version: row.version,
    state: row.state,
    ...(row.error && { error: row.error }),
    live: row.deploymentId === liveDeploymentId,
    ...(row.rollbackOf !== null && { rollbackOf: row.rollbackOf }),
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    ...(row.deployedAt && { deployedAt: row.deployedAt.toISOString() }),
  }
}

type Reader = Pick<{ permissions: ReadonlySet<Permission> }, 'permissions'>

/** Who may write values of environment variables may read them; to others they are empty. */
export function shownEnvironment(
  { permissions }: Reader,
  environment: readonly KeyValue[],
): KeyValue[] {
  const isShown = permissions.has('function:environment') || permissions.has('function:write')
  return environment.map(({ key, value }) => ({ key, value: isShown ? value : '' }))
}

/** A function or a version of one, as the reader may see it. */
export function shown<Shown extends Pick<FunctionDetail, 'environment'>>(
  reader: Reader,
  found: Shown,
): Shown {
  return { ...found, environment: shownEnvironment(reader, found.environment) }
}
