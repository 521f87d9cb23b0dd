import type { FunctionState, SourceProblem } from '@parley/contract'
import type { Insertable, Selectable, Updateable } from 'kysely'
import { isUuid } from '#base/kernel'
import type { Db, Tables } from '#base/store'
import { jsonb, lockFirst } from '#base/store'

export type FunctionRow = Omit<Selectable<Tables['function']>, 'sequence'>
/** All columns but `sequence`. */
const FUNCTION_COLUMNS = [
  'accountId',
  'functionId',
  'name',
  'description',
  'eventId',
  'skills',
  'samplePayload',
  'state',
  'version',
  'liveDeploymentId',
  'liveVersion',
  'size',
  'createdAt',
  'createdBy',
  'updatedAt',
  'updatedBy',
] as const satisfies readonly (keyof FunctionRow)[]

export type VersionRow = Selectable<Tables['functionVersion']>
export type DeploymentRow = Omit<Selectable<Tables['deployment']>, 'sequence'>
/** A deployment that is stored: the source's top level may have put a secret into its error. */
export type NewDeployment = DeploymentRow & Pick<Insertable<Tables['deployment']>, 'error'>

export interface FunctionFilter {
  functionId?: string | undefined
  name?: string | undefined
  /** `null`: those without one. */
  eventId?: string | null | undefined
  skillId?: string | undefined
  states?: readonly FunctionState[] | undefined
}

export function findFunctions(db: Db, accountId: string, filter: FunctionFilter) {
  let query = db.selectFrom('function').select(FUNCTION_COLUMNS).where('accountId', '=', accountId)
  if (filter.functionId !== undefined) query = query.where('functionId', '=', filter.functionId)
  if (filter.name !== undefined) query = query.where('name', '=', filter.name)
  if (filter.eventId === null) query = query.where('eventId', 'is', null)
  else if (filter.eventId !== undefined) query = query.where('eventId', '=', filter.eventId)
  if (filter.states && filter.states.length > 0) query = query.where('state', 'in', filter.states)
  if (filter.skillId !== undefined) {
    query = query.where((where) =>
      where.or([
        where('skills', '=', jsonb([])),
        where('skills', '@>', jsonb([filter.skillId ?? ''])),
      ]),
    )
  }
  return query.orderBy('sequence').execute()
}

export function findFunction(db: Db, accountId: string, functionId: string) {
  return isUuid(functionId)
    ? db
        .selectFrom('function')
        .select(FUNCTION_COLUMNS)
        .where('accountId', '=', accountId)
        .where('functionId', '=', functionId)
        .executeTakeFirst()
    : undefined
}

/** Waits while another transaction changes the function. */
export function lockFunction(db: Db, accountId: string, functionId: string) {
  return isUuid(functionId)
    ? lockFirst(
        db
          .selectFrom('function')
          .select(FUNCTION_COLUMNS)
          .where('accountId', '=', accountId)
          .where('functionId', '=', functionId),
      )
    : undefined
}

export function insertFunction(db: Db, row: FunctionRow) {
  return db
    .insertInto('function')
    .values({ ...row, skills: jsonb(row.skills), samplePayload: jsonb(row.samplePayload) })
    .onConflict((conflict) => conflict.columns(['accountId', 'name']).doNothing())
    .returning('functionId')
    .executeTakeFirst()
}

export function updateFunctionRow(
  db: Db,
  { accountId, functionId }: Pick<FunctionRow, 'accountId' | 'functionId'>,
  { skills, samplePayload, ...change }: Updateable<Tables['function']>,
) {
  return db
    .updateTable('function')
    .set({
      ...change,
      ...(skills && { skills: jsonb(skills) }),
      ...(samplePayload && { samplePayload: jsonb(samplePayload) }),
    })
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .execute()
}

export function deleteFunctionRow(db: Db, accountId: string, functionId: string) {
  return db
    .deleteFrom('function')
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .execute()
}

export async function countFunctions(db: Db, accountId: string) {
  const { total, deployed } = await db
    .selectFrom('function')
    .select((select) => [
      select.fn.countAll<number>().as('total'),
      select.fn.count<number>('liveDeploymentId').as('deployed'),
    ])
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow()
  return { total, deployed }
}

export function insertVersion(db: Db, row: VersionRow) {
  return db
    .insertInto('functionVersion')
    .values({
      ...row,
      dependencies: jsonb(row.dependencies),
      environment: jsonb(row.environment),
      warnings: jsonb(row.warnings),
    })
    .execute()
}

/** Keeps what a version of before warns of. */
export function keepWarnings(
  db: Db,
  { accountId, functionId, version }: VersionRow,
  warnings: SourceProblem[],
) {
  return db
    .updateTable('functionVersion')
    .set({ warnings: jsonb(warnings) })
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('version', '=', version)
    .execute()
}

export function findVersion(db: Db, accountId: string, functionId: string, version: number) {
  return db
    .selectFrom('functionVersion')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('version', '=', version)
    .executeTakeFirst()
}

export function findVersions(db: Db, accountId: string, functionId: string) {
  return db
    .selectFrom('functionVersion')
    .select([
      'functionId',
      'version',
      'description',
      'language',
      'restoredFrom',
      'createdAt',
      'createdBy',
    ])
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .orderBy('version', 'desc')
    .execute()
}

/** The newest version of each of these functions. */
export function findNewestVersions(db: Db, accountId: string, functionIds: readonly string[]) {
  return functionIds.length === 0
    ? []
    : db
        .selectFrom('functionVersion as saved')
        .innerJoin('function as owner', (join) =>
          join
            .onRef('owner.accountId', '=', 'saved.accountId')
            .onRef('owner.functionId', '=', 'saved.functionId')
            .onRef('owner.version', '=', 'saved.version'),
        )
        .selectAll('saved')
        .where('saved.accountId', '=', accountId)
        .where('saved.functionId', 'in', functionIds)
        .execute()
}

export function insertDeployment(db: Db, row: Insertable<Tables['deployment']>) {
  return db
    .insertInto('deployment')
    .values({ ...row, ...(row.error && { error: jsonb(row.error) }) })
    .execute()
}

export function findDeployments(db: Db, accountId: string, functionId: string) {
  return db
    .selectFrom('deployment')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .orderBy('sequence', 'desc')
    .execute()
}

/** The newest deployment of each of these functions. */
export function findLastDeployments(db: Db, accountId: string, functionIds: readonly string[]) {
  return functionIds.length === 0
    ? []
    : db
        .selectFrom('deployment')
        .selectAll()
        .distinctOn('functionId')
        .where('accountId', '=', accountId)
        .where('functionId', 'in', functionIds)
        .orderBy('functionId')
        .orderBy('sequence', 'desc')
        .execute()
}
