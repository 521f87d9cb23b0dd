import type {
  DeploymentDetail,
  FunctionDetail,
  FunctionSummary,
  FunctionVersionDetail,
} from '@parley/contract'
import { isUuid, ParleyError } from '#base/kernel'
import { toDeployment, toDetail, toSummary, toVersionDetail } from './describe.ts'
import {
  type DeploymentRow,
  findDeployments,
  findFunction,
  findFunctions,
  findLastDeployments,
  findNewestVersions,
  findVersion,
  findVersions,
  type FunctionFilter,
  type FunctionRow,
  keepWarnings,
  type VersionRow,
} from './repository.ts'
import type { FunctionsDeps } from './deps.ts'

export async function listFunctions(
  { store }: FunctionsDeps,
  accountId: string,
  filter: FunctionFilter,
): Promise<FunctionSummary[]> {
  return (await findFunctions(store.db, accountId, filter)).map(toSummary)
}

export interface WholeFunction {
  row: FunctionRow
  version: VersionRow
  lastDeployment: DeploymentRow | undefined
}

/** Functions with their newest source and their last deployment. */
export async function listWholeFunctions(
  { store: { db } }: FunctionsDeps,
  accountId: string,
  filter: FunctionFilter,
): Promise<WholeFunction[]> {
  const rows = await findFunctions(db, accountId, filter)
  const ids = rows.map(({ functionId }) => functionId)
  const versions = byFunction(await findNewestVersions(db, accountId, ids))
  const deployments = byFunction(await findLastDeployments(db, accountId, ids))
  return rows.flatMap((row) => {
    const version = versions.get(row.functionId)
    return version ? [{ row, version, lastDeployment: deployments.get(row.functionId) }] : []
  })
}

function byFunction<Row extends { functionId: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.functionId, row]))
}

export async function getWholeFunction(
  deps: FunctionsDeps,
  accountId: string,
  functionId: string,
): Promise<WholeFunction> {
  const filter = { functionId }
  const [found] = isUuid(functionId) ? await listWholeFunctions(deps, accountId, filter) : []
  if (!found) throw functionNotFound(accountId, functionId)
  return found
}

export async function getFunction(
  deps: FunctionsDeps,
  accountId: string,
  functionId: string,
): Promise<FunctionDetail> {
  const row = await getFunctionRow(deps, accountId, functionId)
  const version = await getVersionRow(deps, accountId, functionId, row.version)
  return toDetail(row, version.warnings ? version : await checkKept(deps, version))
}

/**
 * Checks a version that was saved before warnings were kept, or by a node of before, and keeps them. Those of an account wait
 * for each other, and of many readers of one version the first has it checked.
 */
function checkKept(deps: FunctionsDeps, { accountId, functionId, version }: VersionRow) {
  return deps.checkingKept.run(accountId, async () => {
    const row = await getVersionRow(deps, accountId, functionId, version)
    if (row.warnings) return row
    const options = { language: row.language, maxCharacters: Infinity }
    const checked = await deps.compiler.check(accountId, row.code, options)
    const warnings = checked.ok ? checked.warnings : []
    await keepWarnings(deps.store.db, row, warnings)
    return { ...row, warnings }
  })
}

export async function getFunctionRow(
  { store }: FunctionsDeps,
  accountId: string,
  functionId: string,
): Promise<FunctionRow> {
  const row = await findFunction(store.db, accountId, functionId)
  if (!row) throw functionNotFound(accountId, functionId)
  return row
}

export function functionNotFound(accountId: string, functionId: string): ParleyError {
  // Published clients look for this text.
  return new ParleyError('function_not_found', `There is no ${functionId} deployed on ${accountId}`)
}

export async function getVersionRow(
  { store }: FunctionsDeps,
  accountId: string,
  functionId: string,
  version: number,
): Promise<VersionRow> {
  const row = await findVersion(store.db, accountId, functionId, version)
  if (!row)
    throw new ParleyError('version_not_found', `Function ${functionId} has no version ${version}`)
  return row
}

export async function listVersions(deps: FunctionsDeps, accountId: string, functionId: string) {
  await getFunctionRow(deps, accountId, functionId)
  const rows = await findVersions(deps.store.db, accountId, functionId)
  return rows.map(({ restoredFrom, createdAt, ...row }) => ({
    ...row,
    ...(restoredFrom !== null && { restoredFrom }),
    createdAt: createdAt.toISOString(),
  }))
}

export async function getVersion(
  deps: FunctionsDeps,
  accountId: string,
  functionId: string,
  version: number,
): Promise<FunctionVersionDetail> {
  await getFunctionRow(deps, accountId, functionId)
  return toVersionDetail(await getVersionRow(deps, accountId, functionId, version))
}

export async function compareVersions(
  deps: FunctionsDeps,
  accountId: string,
  functionId: string,
  versions: { from: number; to: number },
) {
  const from = await getVersion(deps, accountId, functionId, versions.from)
  const to = await getVersion(deps, accountId, functionId, versions.to)
  const members = ['code', 'description', 'environment', 'dependencies'] as const
  const changed = members.filter(
    (member) => JSON.stringify(from[member]) !== JSON.stringify(to[member]),
  )
  return { from, to, changed }
}

export async function listDeployments(
  deps: FunctionsDeps,
  accountId: string,
  functionId: string,
): Promise<DeploymentDetail[]> {
  const { liveDeploymentId } = await getFunctionRow(deps, accountId, functionId)
  const rows = await findDeployments(deps.store.db, accountId, functionId)
  return rows.map((row) => toDeployment(row, liveDeploymentId))
}
