import type { Store } from '#store'
import { listSkills, listSurveys } from './repository.ts'

const CHANGED = 'surveys'

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
  const known = new Map<string, Promise<Known>>()
  const hearing = store.onNotify(CHANGED, (accountId) => known.delete(accountId))
  const again = store.onResync(() => known.clear())

  function get(accountId: string): Promise<Known> {
    const cached = known.get(accountId)
    if (cached) return cached
    const reading = read(store, accountId)
    known.set(accountId, reading)
    reading.catch(() => {
      if (known.get(accountId) === reading) known.delete(accountId)
    })
    return reading
  }

  return {
    ofSkill: async (accountId, skillId) => (await get(accountId)).bySkill.get(skillId),
    ofSurvey: async (accountId, surveyId) => (await get(accountId)).bySurvey.get(surveyId),
    changed(accountId) {
      known.delete(accountId)
      store.notify(CHANGED, accountId)
    },
    [Symbol.dispose]() {
      hearing[Symbol.dispose]()
      again[Symbol.dispose]()
    },
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
