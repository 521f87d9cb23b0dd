import type { SurveyDefinition } from '@parley/contract'
import type { Generated } from 'kysely'

export interface SurveyTable {
  accountId: string
  surveyId: Generated<number>
  revision: number
  appInstallId: string
  definition: SurveyDefinition
  /** Kept for the surveys that are under way, and for the answers. */
  deleted: Generated<boolean>
  updatedAt: Date
}

export interface SurveyRevisionTable {
  accountId: string
  surveyId: number
  revision: number
  definition: SurveyDefinition
  createdAt: Date
}

/** A skill belongs to at most one survey. */
export interface SurveySkillTable {
  accountId: string
  skillId: string
  surveyId: number
}
