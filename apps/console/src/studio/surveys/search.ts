import * as z from 'zod'

export const SURVEY_PATH = '/$accountId/surveys/$surveyId'
export const SURVEY_PARTS = ['questions', 'results', 'revisions'] as const
export const RESULT_DAYS = [7, 30, 90, 365] as const

const text = z.string().max(128).optional().catch(undefined)

/** What the address of a survey says. */
export const SurveySearch = z.object({
  show: z.enum(SURVEY_PARTS).optional().catch(undefined),
  /** The one that the editor begins with, or that is looked at; the newest unless given. */
  revision: z.int().positive().optional().catch(undefined),
  /** Which results. */
  days: z.int().min(1).max(3_650).optional().catch(undefined),
  skill: text,
  agent: text,
  /** It was made just now. */
  isNew: z.boolean().optional().catch(undefined),
})
export type SurveySearch = z.infer<typeof SurveySearch>
