import { SurveyDefinition, type SurveyChoice, SurveyRun } from '@parley/contract'
import { sql } from 'kysely'
import { deleteByPages, findDocument } from '#base/kit'
import { type Db, jsonb, lockFirst } from '#base/store'

export interface StoredSurvey {
  surveyId: number
  revision: number
  appInstallId: string
  definition: SurveyDefinition
  updatedAt: Date
}

/** `locked`: no other transaction changes it until this one ends. */
export async function findSurvey(
  db: Db,
  accountId: string,
  surveyId: number,
  options: { locked?: boolean } = {},
): Promise<StoredSurvey | undefined> {
  const query = db
    .selectFrom('survey')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('surveyId', '=', surveyId)
    .where('deleted', '=', false)
  const row = await (options.locked ? lockFirst(query) : query.executeTakeFirst())
  return row && parsed(row)
}

export async function listSurveys(db: Db, accountId: string): Promise<StoredSurvey[]> {
  const rows = await db
    .selectFrom('survey')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('deleted', '=', false)
    .orderBy('surveyId')
    .execute()
  return rows.map(parsed)
}

/** Also a deleted one: its dialog may have been opened before. */
export async function findSurveyOfInstall(
  db: Db,
  accountId: string,
  appInstallId: string,
): Promise<StoredSurvey | undefined> {
  const row = await db
    .selectFrom('survey')
    .selectAll()
    .where('accountId', '=', accountId)
    .where('appInstallId', '=', appInstallId)
    .executeTakeFirst()
  return row && parsed(row)
}

export async function findRevision(
  db: Db,
  accountId: string,
  surveyId: number,
  revision: number,
): Promise<SurveyDefinition | undefined> {
  const row = await db
    .selectFrom('surveyRevision')
    .select('definition')
    .where('accountId', '=', accountId)
    .where('surveyId', '=', surveyId)
    .where('revision', '=', revision)
    .executeTakeFirst()
  return row && SurveyDefinition.parse(row.definition)
}

export async function listRevisions(
  db: Db,
  accountId: string,
  wanted: readonly { surveyId: number; revision: number }[],
): Promise<{ surveyId: number; revision: number; definition: SurveyDefinition }[]> {
  if (wanted.length === 0) return []
  const rows = await db
    .selectFrom('surveyRevision')
    .select(['surveyId', 'revision', 'definition'])
    .where('accountId', '=', accountId)
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple('surveyId', 'revision'),
        'in',
        wanted.map(({ surveyId, revision }) => tuple(surveyId, revision)),
      ),
    )
    .execute()
  return rows.map(({ definition, ...row }) => ({
    ...row,
    definition: SurveyDefinition.parse(definition),
  }))
}

export async function insertSurvey(
  db: Db,
  accountId: string,
  survey: Omit<StoredSurvey, 'surveyId'>,
): Promise<number> {
  const { surveyId } = await db
    .insertInto('survey')
    .values({ ...survey, accountId, definition: jsonb(stored(survey.definition)) })
    .returning('surveyId')
    .executeTakeFirstOrThrow()
  return surveyId
}

export async function insertRevision(
  db: Db,
  accountId: string,
  { surveyId, revision, definition, updatedAt }: StoredSurvey,
): Promise<void> {
  await db
    .insertInto('surveyRevision')
    .values({
      accountId,
      surveyId,
      revision,
      definition: jsonb(stored(definition)),
      createdAt: updatedAt,
    })
    .execute()
}

export async function updateSurvey(
  db: Db,
  accountId: string,
  { surveyId, revision, definition, updatedAt }: StoredSurvey,
): Promise<void> {
  await db
    .updateTable('survey')
    .set({ revision, definition: jsonb(stored(definition)), updatedAt })
    .where('accountId', '=', accountId)
    .where('surveyId', '=', surveyId)
    .execute()
}

export async function markDeleted(
  db: Db,
  accountId: string,
  surveyId: number,
  updatedAt: Date,
): Promise<void> {
  await db
    .updateTable('survey')
    .set({ deleted: true, updatedAt })
    .where('accountId', '=', accountId)
    .where('surveyId', '=', surveyId)
    .execute()
}

/**
 * Deletes revisions that were replaced before an instant, or whose survey was deleted before it, and that no run has; then deleted
 * surveys without revisions. Resolves to whether none is left.
 */
export async function deleteOldRevisions(
  db: Db,
  accountId: string,
  before: Date,
): Promise<boolean> {
  const { rows } = await sql<{ surveyId: number; revision: number }>`
    select survey_id, revision from survey_revision
    where account_id = ${accountId}
      and exists (select from survey where survey.account_id = survey_revision.account_id
        and survey.survey_id = survey_revision.survey_id
        and case when deleted then updated_at < ${before}
          else exists (select from survey_revision newer where newer.account_id = survey_revision.account_id
            and newer.survey_id = survey_revision.survey_id and newer.revision > survey_revision.revision
            and newer.created_at < ${before}) end)`.execute(db)
  let areGone = true
  for (const { surveyId, revision } of rows) {
    if (await hasRun(db, accountId, surveyId, revision)) continue
    const one = sql`account_id = ${accountId} and survey_id = ${surveyId} and revision = ${revision}`
    if (!(await deleteByPages(db, 'survey_revision', one))) areGone = false
  }
  const areDeletedGone = await deleteByPages(
    db,
    'survey',
    sql`survey.account_id = ${accountId} and deleted and updated_at < ${before}
      and not exists (select from survey_revision where survey_revision.account_id = survey.account_id
        and survey_revision.survey_id = survey.survey_id)`,
  )
  return areGone && areDeletedGone
}

/**
 * Whether an answer is kept that was given to this revision. Without an index: one on the state of documents would be written at each
 * change of any document, and this is asked at night, of revisions that were replaced long ago.
 */
async function hasRun(
  db: Db,
  accountId: string,
  surveyId: number,
  revision: number,
): Promise<boolean> {
  const { rows } = await sql`select from document where account_id = ${accountId} and kind = ${RUN}
    and state->>'surveyId' = ${String(surveyId)} and state->>'revision' = ${String(revision)} limit 1`.execute(
    db,
  )
  return rows.length > 0
}

export async function listSkills(
  db: Db,
  accountId: string,
): Promise<{ skillId: string; surveyId: number }[]> {
  return await db
    .selectFrom('surveySkill')
    .select(['skillId', 'surveyId'])
    .where('accountId', '=', accountId)
    .orderBy('skillId')
    .execute()
}

export async function clearSkills(db: Db, accountId: string, surveyId: number): Promise<void> {
  await db
    .deleteFrom('surveySkill')
    .where('accountId', '=', accountId)
    .where('surveyId', '=', surveyId)
    .execute()
}

/** No survey follows on it any more. */
export async function clearSkill(db: Db, accountId: string, skillId: string): Promise<void> {
  await db
    .deleteFrom('surveySkill')
    .where('accountId', '=', accountId)
    .where('skillId', '=', skillId)
    .execute()
}

/** Says which of the skills could not be taken, because another survey has them. */
export async function takeSkills(
  db: Db,
  accountId: string,
  surveyId: number,
  skillIds: readonly string[],
): Promise<string[]> {
  if (skillIds.length === 0) return []
  const taken = await db
    .insertInto('surveySkill')
    .values(skillIds.map((skillId) => ({ accountId, skillId, surveyId })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('skillId')
    .execute()
  const mine = new Set(taken.map(({ skillId }) => skillId))
  return skillIds.filter((skillId) => !mine.has(skillId))
}

export const RUN = 'survey-run'
export const CHOICE = 'survey-choice'

/** How a run is read and changed. */
export function runRef(dialogId: string) {
  return { kind: RUN, id: dialogId, schema: SurveyRun, name: `Survey of dialog "${dialogId}"` }
}

export interface VersionedRun {
  version: number
  run: SurveyRun
}

export async function findRun(
  db: Db,
  accountId: string,
  dialogId: string,
): Promise<VersionedRun | undefined> {
  const row = await findDocument(db, accountId, RUN, dialogId)
  return row && { version: row.version, run: SurveyRun.parse(row.state) }
}

/** Not parsed: only the survey bot writes it. */
export async function findChoice(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<SurveyChoice | undefined> {
  const row = await findDocument(db, accountId, CHOICE, conversationId)
  return row?.state as SurveyChoice | undefined
}

export async function saveChoice(
  db: Db,
  accountId: string,
  conversationId: string,
  choice: SurveyChoice,
): Promise<void> {
  await db
    .insertInto('document')
    .values({ accountId, kind: CHOICE, id: conversationId, version: 1, state: jsonb(choice) })
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'kind', 'id'])
        .doUpdateSet((eb) => ({ version: eb('document.version', '+', 1), state: jsonb(choice) })),
    )
    .execute()
}

/** Everything that is kept about these conversations. */
export async function eraseConversations(
  db: Db,
  accountId: string,
  conversationIds: readonly string[],
): Promise<void> {
  if (conversationIds.length === 0) return
  const ids = [...conversationIds]
  await db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', RUN)
    .where('listOf', 'in', ids)
    .execute()
  await db
    .deleteFrom('document')
    .where('accountId', '=', accountId)
    .where('kind', '=', CHOICE)
    .where('id', 'in', ids)
    .execute()
}

/** Nodes of the version before read surveys, too, while an installation is upgraded: what they do not know is absent while it has its default. */
function stored({
  afterFunctionClose,
  afterAutoClose,
  ...definition
}: SurveyDefinition): SurveyDefinition {
  return {
    ...definition,
    ...(!afterFunctionClose && { afterFunctionClose }),
    ...(afterAutoClose && { afterAutoClose }),
  } as SurveyDefinition
}

function parsed({ surveyId, revision, appInstallId, definition, updatedAt }: StoredSurvey) {
  const read = SurveyDefinition.parse(definition)
  return { surveyId, revision, appInstallId, definition: read, updatedAt }
}
