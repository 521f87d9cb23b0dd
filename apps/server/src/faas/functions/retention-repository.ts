import { type RawBuilder, sql } from 'kysely'
import type { Db } from '#base/store'
import type { FunctionRow } from './repository.ts'

/** Keeps the newest versions and the live one. `null` keeps all. */
export async function forgetOldVersions(
  tx: Db,
  { accountId, functionId, version, liveVersion }: FunctionRow,
  kept: number | null,
): Promise<void> {
  if (kept === null) return
  await tx
    .deleteFrom('functionVersion')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('version', '<=', version - kept)
    .where('version', '!=', liveVersion ?? version)
    .execute()
}

/** Keeps the newest deployments and the live one. `null` keeps all. */
export async function forgetOldDeployments(
  tx: Db,
  { accountId, functionId, liveDeploymentId }: FunctionRow,
  kept: number | null,
): Promise<void> {
  if (kept === null) return
  await tx
    .deleteFrom('deployment')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('deploymentId', 'not in', (newest) =>
      newest
        .selectFrom('deployment')
        .select('deploymentId')
        .where('accountId', '=', accountId)
        .where('functionId', '=', functionId)
        .orderBy('sequence', 'desc')
        .limit(kept),
    )
    .where((where) => where('deploymentId', 'is distinct from', liveDeploymentId))
    .execute()
}

/** So many of a function stay, however old they are. */
const ALWAYS_KEPT = 20
/** Of one transaction, which holds the function. */
const PAGE = 500

/** Functions of which something has been replaced for so long; not all of them at once. */
export async function findFunctionsWithOld(
  db: Db,
  accountId: string,
  before: Date,
): Promise<string[]> {
  const { rows } = await sql<{ functionId: string }>`
    select function_id from function
    where account_id = ${accountId} and (
      exists (select from deployment where account_id = function.account_id
        and function_id = function.function_id and ${isOldDeployment(before)})
      or exists (select from function_version where account_id = function.account_id
        and function_id = function.function_id and ${isOldVersion(before)}))
    limit ${PAGE}`.execute(db)
  return rows.map(({ functionId }) => functionId)
}

/** A deployment must not begin to name a version that is being ended. `false` while somebody else holds the function. */
export async function holdFunction(
  tx: Db,
  { accountId, functionId }: Pick<FunctionRow, 'accountId' | 'functionId'>,
): Promise<boolean> {
  const { rows } = await sql`
    select from function where account_id = ${accountId} and function_id = ${functionId}
    for no key update skip locked`.execute(tx)
  return rows.length > 0
}

export function deleteOldDeployments(
  tx: Db,
  of: Pick<FunctionRow, 'accountId' | 'functionId'>,
  before: Date,
): Promise<number> {
  return deletePage(tx, 'deployment', of, isOldDeployment(before))
}

export function deleteOldVersions(
  tx: Db,
  of: Pick<FunctionRow, 'accountId' | 'functionId'>,
  before: Date,
): Promise<number> {
  return deletePage(tx, 'function_version', of, isOldVersion(before))
}

async function deletePage(
  tx: Db,
  table: 'deployment' | 'function_version',
  { accountId, functionId }: Pick<FunctionRow, 'accountId' | 'functionId'>,
  isOld: RawBuilder<unknown>,
): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from ${sql.id(table)} where ctid = any(array(
      select ${sql.id(table)}.ctid from ${sql.id(table)} join function using (account_id, function_id)
      where account_id = ${accountId} and function_id = ${functionId} and ${isOld} limit ${PAGE}))`.execute(
    tx,
  )
  return Number(numAffectedRows ?? 0)
}

/** A failed one is replaced by any newer one, one that worked by a newer one that worked. */
function isOldDeployment(before: Date) {
  const newer = sql`from deployment newer where newer.account_id = deployment.account_id
    and newer.function_id = deployment.function_id and newer.sequence > deployment.sequence`
  const works = sql`newer.state = 'Deploy Finish'`
  return sql`deployment.created_at < ${before}
    and deployment.deployment_id is distinct from function.live_deployment_id
    and case when deployment.state = 'Deploy Finish'
      then exists (select ${newer} and ${works} and newer.created_at < ${before})
        and ${ALWAYS_KEPT} <= (select count(*) from (select ${newer} and ${works} limit ${ALWAYS_KEPT}) newest)
      else exists (select ${newer} and newer.created_at < ${before}) end`
}

/** Versions are numbered in the order in which they were saved. */
function isOldVersion(before: Date) {
  return sql`function_version.created_at < ${before}
    and function_version.version <= function.version - ${ALWAYS_KEPT}
    and function_version.version is distinct from function.live_version
    and exists (select from function_version newer where newer.account_id = function_version.account_id
      and newer.function_id = function_version.function_id and newer.version > function_version.version
      and newer.created_at < ${before})
    and not exists (select from deployment naming where naming.account_id = function_version.account_id
      and naming.function_id = function_version.function_id
      and naming.version = function_version.version and naming.state = 'Deploy Finish')`
}
