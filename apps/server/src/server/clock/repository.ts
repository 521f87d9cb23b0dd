import type { Db } from '#base/store'

const NAME = 'clock'

/** Where the clock was left, so that a server that starts again does not set it back. */
export type LeftClock = { standsAt: number } | { aheadMs: number }

export async function readClock(db: Db): Promise<LeftClock | undefined> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('name', '=', NAME)
    .executeTakeFirst()
  if (!row) return undefined
  const [how, ms] = row.value.split(' ')
  return how === 'stands-at' ? { standsAt: Number(ms) } : { aheadMs: Number(ms) }
}

export async function writeClock(db: Db, left: LeftClock): Promise<void> {
  const value = 'standsAt' in left ? `stands-at ${left.standsAt}` : `ahead-by ${left.aheadMs}`
  await db
    .insertInto('installation')
    .values({ name: NAME, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}
