import { sql } from 'kysely'
import * as z from 'zod'
import { type Db, jsonb, lockFirst } from '#base/store'
import { CannedAnswers } from '#bots/builder-talk'

/** Older exports of a bot go. A conversation whose export is gone goes on with the newest. */
const KEPT_REVISIONS = 20

const SkillMap = z.record(z.string(), z.string())

export interface StoredBuilderBot {
  exportId: string
  revision: number
  skillMap: Record<string, string>
  answers: CannedAnswers
}

const COLUMNS = ['exportId', 'revision', 'skillMap', 'answers'] as const

/** By id. */
export async function listBuilderBots(
  db: Db,
  accountId: string,
): Promise<Map<string, StoredBuilderBot>> {
  const rows = await db
    .selectFrom('builderBot')
    .select(['botId', ...COLUMNS])
    .where('accountId', '=', accountId)
    .execute()
  return new Map(rows.map(({ botId, ...row }) => [botId, parsed(row)]))
}

export async function findBuilderBot(
  db: Db,
  accountId: string,
  botId: string,
  { locked = false } = {},
): Promise<StoredBuilderBot | undefined> {
  const query = db
    .selectFrom('builderBot')
    .select(COLUMNS)
    .where('accountId', '=', accountId)
    .where('botId', '=', botId)
  const row = await (locked ? lockFirst(query) : query.executeTakeFirst())
  return row && parsed(row)
}

function parsed(
  row: Record<keyof StoredBuilderBot, unknown> & { exportId: string; revision: number },
) {
  return {
    ...row,
    skillMap: SkillMap.parse(row.skillMap),
    answers: CannedAnswers.parse(row.answers),
  }
}

export function findByExport(db: Db, accountId: string, exportId: string) {
  return db
    .selectFrom('builderBot as own')
    .innerJoin('botAgent as bot', (join) =>
      join.onRef('bot.accountId', '=', 'own.accountId').onRef('bot.botId', '=', 'own.botId'),
    )
    .select(['bot.botId', 'bot.name', 'own.revision'])
    .where('own.accountId', '=', accountId)
    .where('own.exportId', '=', exportId)
    .executeTakeFirst()
}

/** False when the account has a bot with this export id already. */
export async function insertBuilderBot(
  tx: Db,
  { accountId, botId, exportId }: { accountId: string; botId: string; exportId: string },
): Promise<boolean> {
  const empty = { skillMap: jsonb({}), answers: jsonb({}) }
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('builderBot')
    .values({ accountId, botId, exportId, revision: 1, ...empty })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateBuilderBot(
  tx: Db,
  accountId: string,
  botId: string,
  { revision, skillMap, answers }: Partial<StoredBuilderBot>,
): Promise<void> {
  const change = {
    ...(revision !== undefined && { revision }),
    ...(skillMap && { skillMap: jsonb(skillMap) }),
    ...(answers && { answers: jsonb(answers) }),
  }
  if (Object.keys(change).length === 0) return
  await tx
    .updateTable('builderBot')
    .set(change)
    .where('accountId', '=', accountId)
    .where('botId', '=', botId)
    .execute()
}

/** What stood for a skill of an export is nothing then: the default skill does. */
export async function leaveSkill(tx: Db, accountId: string, skillId: string): Promise<void> {
  await sql`
    update builder_bot set skill_map = coalesce(
      (select jsonb_object_agg(key, value) from jsonb_each(skill_map) where value <> to_jsonb(${skillId}::text)), '{}')
    where account_id = ${accountId} and jsonb_path_exists(skill_map, '$.* ? (@ == $id)', ${jsonb({ id: skillId })})`.execute(
    tx,
  )
}

/** By its number: a node that has read an export before must not go on with it alone. */
export function isKept(revision: number, newest: number): boolean {
  return revision > newest - KEPT_REVISIONS
}

export async function insertRevision(
  tx: Db,
  row: { accountId: string; botId: string; revision: number; file: string; createdAt: Date },
): Promise<void> {
  await tx.insertInto('builderBotRevision').values(row).execute()
  await tx
    .deleteFrom('builderBotRevision')
    .where('accountId', '=', row.accountId)
    .where('botId', '=', row.botId)
    .where('revision', '<=', row.revision - KEPT_REVISIONS)
    .execute()
}

/** The text of an export. */
export async function findRevision(
  db: Db,
  accountId: string,
  botId: string,
  revision: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('builderBotRevision')
    .select('file')
    .where('accountId', '=', accountId)
    .where('botId', '=', botId)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return row?.file
}
