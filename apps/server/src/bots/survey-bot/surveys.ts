import type { Survey, SurveyDefinition, SurveySummary } from '@parley/contract'
import { isDeepStrictEqual } from 'node:util'
import type { Accounts } from '#identity/accounts'
import type { Audit } from '#identity/audit'
import type { Settings } from '#identity/settings'
import { type Clock, conflicting, type Ids, ParleyError } from '#base/kernel'
import { lockAccount } from '#base/kit'
import type { Db, Store } from '#base/store'
import type { SurveyAssignments } from './survey-assignments.ts'
import {
  clearSkills,
  findRevision,
  findSurvey,
  findSurveyOfInstall,
  insertRevision,
  insertSurvey,
  listSkills,
  listSurveys,
  markDeleted,
  type StoredSurvey,
  takeSkills,
  updateSurvey,
} from './repository.ts'

export interface SurveyDeps {
  store: Store
  accounts: Pick<Accounts, 'skills'>
  audit: Audit
  settings: Pick<Settings, 'get'>
  clock: Clock
  ids: Ids
  assignments: SurveyAssignments
}

export async function readSurveys(
  { store }: SurveyDeps,
  accountId: string,
): Promise<SurveySummary[]> {
  const skills = await listSkills(store.db, accountId)
  const surveys = await listSurveys(store.db, accountId)
  return surveys.map((survey) => summaryOf(survey, skills))
}

/** The newest revision, or the one that is asked for. */
export async function readSurvey(
  { store: { db } }: SurveyDeps,
  accountId: string,
  surveyId: number,
  revision?: number,
): Promise<Survey> {
  const survey = await getSurvey(db, accountId, surveyId)
  const summary = summaryOf(survey, await listSkills(db, accountId))
  if (revision === undefined || revision === survey.revision) {
    return { ...summary, definition: survey.definition }
  }
  const definition = await findRevision(db, accountId, surveyId, revision)
  if (!definition) {
    throw new ParleyError('not_found', `Survey ${surveyId} has no revision ${revision}`)
  }
  return { ...summary, name: definition.name, revision, definition }
}

export async function createSurvey(
  deps: SurveyDeps,
  accountId: string,
  actor: string,
  { appInstallId, ...definition }: SurveyDefinition & { appInstallId?: string | undefined },
): Promise<Survey> {
  const draft = {
    revision: 1,
    appInstallId: appInstallId ?? deps.ids.uuid(),
    definition,
    updatedAt: new Date(deps.clock.now()),
  }
  const surveyId = await change(deps, accountId, async (tx) => {
    await lockAccount(tx, accountId)
    const known = await findSurveyOfInstall(tx, accountId, draft.appInstallId)
    if (known) return await requireSame(tx, accountId, known, definition)
    const id = await insertSurvey(tx, accountId, draft)
    await insertRevision(tx, accountId, { ...draft, surveyId: id })
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'survey.created',
      object: `survey:${id}`,
      details: { name: definition.name },
    })
    return id
  })
  return await readSurvey(deps, accountId, surveyId)
}

/** Surveys that are under way keep the revision that they began with. */
export async function changeSurvey(
  deps: SurveyDeps,
  accountId: string,
  actor: string,
  surveyId: number,
  definition: SurveyDefinition,
): Promise<Survey> {
  await change(deps, accountId, async (tx) => {
    const survey = await getSurvey(tx, accountId, surveyId, { locked: true })
    if (isDeepStrictEqual(survey.definition, definition)) return
    const revision = survey.revision + 1
    const changed = { ...survey, revision, definition, updatedAt: new Date(deps.clock.now()) }
    await updateSurvey(tx, accountId, changed)
    await insertRevision(tx, accountId, changed)
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'survey.changed',
      object: `survey:${surveyId}`,
      details: { revision },
    })
  })
  return await readSurvey(deps, accountId, surveyId)
}

export async function deleteSurvey(
  deps: SurveyDeps,
  accountId: string,
  actor: string,
  surveyId: number,
): Promise<void> {
  await change(deps, accountId, async (tx) => {
    await getSurvey(tx, accountId, surveyId, { locked: true })
    await clearSkills(tx, accountId, surveyId)
    await markDeleted(tx, accountId, surveyId, new Date(deps.clock.now()))
    const action = 'survey.deleted'
    await deps.audit.record(tx, accountId, { actor, action, object: `survey:${surveyId}` })
  })
}

/** Replaces the skills of a survey. */
export async function assignSurvey(
  deps: SurveyDeps,
  accountId: string,
  actor: string,
  surveyId: number,
  skillIds: readonly string[],
): Promise<SurveySummary> {
  const wanted = [...new Set(skillIds)]
  await change(deps, accountId, async (tx) => {
    await getSurvey(tx, accountId, surveyId, { locked: true })
    const named = wanted.map((skillId, at) => ({ path: `body.skillIds.${at}`, skillId }))
    await deps.accounts.skills.holdNamed(tx, accountId, named)
    await clearSkills(tx, accountId, surveyId)
    const [taken] = await takeSkills(tx, accountId, surveyId, wanted)
    if (taken !== undefined) {
      const path = `body.skillIds.${wanted.indexOf(taken)}`
      throw conflicting(path, `Skill "${taken}" has another survey`)
    }
    await deps.audit.record(tx, accountId, {
      actor,
      action: 'survey.assigned',
      object: `survey:${surveyId}`,
      details: { skillIds: wanted },
    })
  })
  const { definition: _, ...summary } = await readSurvey(deps, accountId, surveyId)
  return summary
}

async function change<T>(
  { store, assignments }: SurveyDeps,
  accountId: string,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  const done = await store.transaction(work)
  assignments.changed(accountId)
  return done
}

async function getSurvey(
  db: Db,
  accountId: string,
  surveyId: number,
  options: { locked?: boolean } = {},
): Promise<StoredSurvey> {
  const survey = await findSurvey(db, accountId, surveyId, options)
  if (!survey) {
    // 0 stands for what was asked for and is no number.
    const message = surveyId === 0 ? 'There is no such survey' : `No survey "${surveyId}"`
    throw new ParleyError('not_found', message)
  }
  return survey
}

function summaryOf(
  { surveyId, revision, appInstallId, definition, updatedAt }: StoredSurvey,
  skills: readonly { skillId: string; surveyId: number }[],
): SurveySummary {
  return {
    surveyId,
    name: definition.name,
    revision,
    skillIds: skills.filter((skill) => skill.surveyId === surveyId).map(({ skillId }) => skillId),
    appInstallId,
    updatedAt: updatedAt.toISOString(),
  }
}

/** The one that is there, if it began with what is asked for: its first answer was lost. */
async function requireSame(
  tx: Db,
  accountId: string,
  { surveyId, appInstallId }: StoredSurvey,
  definition: SurveyDefinition,
): Promise<number> {
  const first = await findRevision(tx, accountId, surveyId, 1)
  // A deleted one keeps its id as long as answers to it are kept.
  const isThere = (await findSurvey(tx, accountId, surveyId)) !== undefined
  if (isThere && isDeepStrictEqual(first, definition)) return surveyId
  throw new ParleyError(
    'conflict',
    `There is another survey with the appInstallId "${appInstallId}"`,
  )
}
