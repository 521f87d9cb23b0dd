import { perAccount } from '#base/kit'
import type { Store } from '#base/store'
import { listSkills, listSurveys } from './repository.ts'

/** Which survey follows on which skill, in memory: asked at the end of every conversation. */
export interface Assignments extends Disposable {
  /** The installation of the survey of a skill. */
  ofSkill(accountId: string, skillId: string): Promise<string | undefined>
  ofSurvey(accountId: string, surveyId: number): Promise<string | undefined>
  /** To be called after a change is committed: here at once, on the other nodes soon. */
  changed(accountId: string): void
}

interface Known {
  bySkill: Map<string, string>
  bySurvey: Map<number, string>
}

export function openAssignments(store: Store): Assignments {
  const known = perAccount(store, 'surveys', (accountId) => read(store, accountId))
  return {
    ofSkill: async (accountId, skillId) => (await known.get(accountId)).bySkill.get(skillId),
    ofSurvey: async (accountId, surveyId) => (await known.get(accountId)).bySurvey.get(surveyId),
    changed: known.changed,
    [Symbol.dispose]: () => known[Symbol.dispose](),
  }
}

async function read({ db }: Store, accountId: string): Promise<Known> {
  const surveys = await listSurveys(db, accountId)
  const bySurvey = new Map(surveys.map(({ surveyId, appInstallId }) => [surveyId, appInstallId]))
  const bySkill = new Map<string, string>()
  for (const { skillId, surveyId } of await listSkills(db, accountId)) {
    const appInstallId = bySurvey.get(surveyId)
    if (appInstallId !== undefined) bySkill.set(skillId, appInstallId)
  }
  return { bySkill, bySurvey }
}
