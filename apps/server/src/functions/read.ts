import type {
  DeploymentDetail,
  FunctionDetail,
  FunctionSummary,
  FunctionVersionDetail,
} from '@parley/contract'
import { ParleyError } from '#kernel'
import { toDeployment, toDetail, toSummary, toVersionDetail } from './describe.ts'
import { checkSource } from './check-source.ts'
import {
  findDeployments,
  findFunction,
  findFunctions,
  findVersion,
  findVersions,
  type FunctionFilter,
  type FunctionRow,
  type VersionRow,
} from './repository.ts'
import type { FunctionsRoom } from './room.ts'

export async function listFunctions(
  { store }: FunctionsRoom,
  accountId: string,
  filter: FunctionFilter,
): Promise<FunctionSummary[]> {
  return (await findFunctions(store.db, accountId, filter)).map(toSummary)
}

export async function getFunction(
  room: FunctionsRoom,
  accountId: string,
  functionId: string,
): Promise<FunctionDetail> {
  const row = await getFunctionRow(room, accountId, functionId)
  const version = await getVersionRow(room, accountId, functionId, row.version)
  const checked = await checkSource(version.code, {
    language: version.language,
    maxCharacters: Infinity,
  })
  return toDetail(row, version, checked.ok ? checked.warnings : [])
}

export async function getFunctionRow(
  { store }: FunctionsRoom,
  accountId: string,
  functionId: string,
): Promise<FunctionRow> {
  const row = await findFunction(store.db, accountId, functionId)
  if (!row) throw functionNotFound(accountId, functionId)
  return row
}

export function functionNotFound(accountId: string, functionId: string): ParleyError {
  // Published clients look for this very wording.
  return new ParleyError('function_not_found', `There is no ${functionId} deployed on ${accountId}`)
}

export async function getVersionRow(
  { store }: FunctionsRoom,
  accountId: string,
  functionId: string,
  version: number,
): Promise<VersionRow> {
  const row = await findVersion(store.db, accountId, functionId, version)
  if (!row) throw new ParleyError('version_not_found', `Function ${functionId} has no version ${version}`)
  return row
}

export async function listVersions(room: FunctionsRoom, accountId: string, functionId: string) {
  await getFunctionRow(room, accountId, functionId)
  const rows = await findVersions(room.store.db, accountId, functionId)
  return rows.map(({ restoredFrom, createdAt, ...row }) => ({
    ...row,
    ...(restoredFrom !== null && { restoredFrom }),
    createdAt: createdAt.toISOString(),
  }))
}

export async function getVersion(
  room: FunctionsRoom,
  accountId: string,
  functionId: string,
  version: number,
): Promise<FunctionVersionDetail> {
  await getFunctionRow(room, accountId, functionId)
  return toVersionDetail(await getVersionRow(room, accountId, functionId, version))
}

export async function compareVersions(
  room: FunctionsRoom,
  accountId: string,
  functionId: string,
  versions: { from: number; to: number },
) {
  const from = await getVersion(room, accountId, functionId, versions.from)
  const to = await getVersion(room, accountId, functionId, versions.to)
  const members = ['code', 'description', 'environment', 'dependencies'] as const
  const changed = members.filter(
    (member) => JSON.stringify(from[member]) !== JSON.stringify(to[member]),
  )
  return { from, to, changed }
}

export async function listDeployments(
  room: FunctionsRoom,
  accountId: string,
  functionId: string,
): Promise<DeploymentDetail[]> {
  const { liveDeploymentId } = await getFunctionRow(room, accountId, functionId)
  const rows = await findDeployments(room.store.db, accountId, functionId)
  return rows.map((row) => toDeployment(row, liveDeploymentId))
}
