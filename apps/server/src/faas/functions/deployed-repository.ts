import { deletedSkill } from '@parley/contract'
import { sql } from 'kysely'
import { type Db, lockFirst } from '#base/store'

/** The live functions of an account, without their sources. */
export function findLiveFunctions(db: Db, accountId: string) {
  return db
    .selectFrom('function')
    .select(['functionId', 'name', 'eventId', 'skills', 'liveDeploymentId', 'liveVersion'])
    .where('accountId', '=', accountId)
    .where('liveDeploymentId', 'is not', null)
    .orderBy('sequence')
    .execute()
}

/** A function for this skill alone is one for a deleted skill, which matches nothing: without any it would run for all. */
export async function removeSkill(tx: Db, accountId: string, skillId: string): Promise<void> {
  const deleted = JSON.stringify([deletedSkill(skillId)])
  await sql`
    update function
    set skills = case when skills - ${skillId}::text = '[]' then ${deleted}::jsonb else skills - ${skillId}::text end
    where account_id = ${accountId} and skills @> ${JSON.stringify([skillId])}::jsonb`.execute(tx)
}

/** The live functions of an event except one. Other deployments for the event wait until the transaction ends. */
export async function lockEventSlot(tx: Db, accountId: string, eventId: string, except: string) {
  await tx
    .insertInto('eventSlot')
    .values({ accountId, eventId })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await lockFirst(
    tx
      .selectFrom('eventSlot')
      .select('eventId')
      .where('accountId', '=', accountId)
      .where('eventId', '=', eventId),
  )
  return tx
    .selectFrom('function')
    .select(['functionId', 'name', 'skills'])
    .where('accountId', '=', accountId)
    .where('eventId', '=', eventId)
    .where('functionId', '!=', except)
    .where('liveDeploymentId', 'is not', null)
    .execute()
}

export function findRunnableSource(db: Db, accountId: string, functionId: string, version: number) {
  return db
    .selectFrom('functionVersion')
    .select(['code', 'language', 'compiled', 'sourceMap', 'delivers', 'environment'])
    .where('accountId', '=', accountId)
    .where('functionId', '=', functionId)
    .where('version', '=', version)
    .executeTakeFirst()
}
