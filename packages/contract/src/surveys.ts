import * as z from 'zod'
import { Language } from './automatic-messages.ts'
import type { RouteSpec } from './route.ts'
import { QuestionKind, SurveyDefinition, SurveyDraft } from './survey-definition.ts'
import { AskedNumber, Instant, RowNumber, StorableText, Uuid } from './text.ts'

/** A survey without its questions. */
export const SurveySummary = z.object({
  surveyId: z.int().positive(),
  name: z.string(),
  /** Rises with every change of the definition. A survey that is under way keeps its own. */
  revision: z.int().positive(),
  /** Conversations whose last skill is one of these get the survey. */
  skillIds: z.array(z.string()),
  /** What POST_SURVEY dialogs of this survey carry in `metaData`. */
  appInstallId: Uuid,
  updatedAt: Instant,
})
export type SurveySummary = z.infer<typeof SurveySummary>

/** A survey with its questions (`spec/bots.md` 2). */
export const Survey = SurveySummary.extend({ definition: SurveyDefinition })
export type Survey = z.infer<typeof Survey>

/** How a survey of a conversation can end. */
export const SURVEY_OUTCOMES = ['completed', 'expired', 'abandoned', 'failed'] as const

/** The answer to one question. `at` in milliseconds since 1970. */
export const SurveyAnswer = z.object({
  questionId: z.string(),
  kind: QuestionKind,
  /** The chosen ones; empty for free text. */
  answerIds: z.array(z.string()),
  /** As the consumer wrote it. */
  text: z.string(),
  /** 1 to 5 for CSAT, 0 to 10 for NPS, 1 (yes) or 0 for FCR. */
  score: z.number().optional(),
  /** Left without an answer: by the consumer, or by the survey after as many words that fit no answer as it allows; `text` has the last ones. */
  skipped: z.boolean(),
  at: z.number(),
})
export type SurveyAnswer = z.infer<typeof SurveyAnswer>

/** One survey of one conversation: what has been asked and answered so far. */
export const SurveyRun = z.object({
  dialogId: z.string(),
  conversationId: z.string(),
  consumerId: z.string(),
  surveyId: z.int(),
  revision: z.int(),
  skillId: z.string(),
  /** The agent or bot that had the conversation at its end. */
  agent: z.object({ userId: z.string(), pid: z.string() }).optional(),
  language: z.string(),
  /** Answers are listed in the text: the client shows no quick replies. */
  listed: z.boolean(),
  startedAt: z.number(),
  expiresAt: z.number(),
  /** The question that waits for an answer: only messages after its own sequence answer it. */
  open: z
    .object({ questionId: z.string(), sequence: z.int(), fallbacks: z.int().nonnegative() })
    .optional(),
  lastQuestionId: z.string().optional(),
  answers: z.array(SurveyAnswer),
  endedAt: z.number().optional(),
  outcome: z.enum(SURVEY_OUTCOMES).optional(),
})
export type SurveyRun = z.infer<typeof SurveyRun>

/** Whether this conversation gets a survey when it ends, and which one. */
export const SurveyChoice = z.object({
  /** `send` also where the skill has no survey, `suppress` also where it has one. */
  choice: z.enum(['send', 'suppress', 'automatic']),
  /** Which one to send, instead of the skill's. */
  surveyId: z.int().positive().optional(),
})
export type SurveyChoice = z.infer<typeof SurveyChoice>

const InAccount = z.object({ accountId: z.string() })
const OneSurvey = InAccount.extend({ surveyId: AskedNumber })
const OneConversation = InAccount.extend({ conversationId: z.string() })
const base = '/api/v1/accounts/:accountId'

export const listSurveys = {
  method: 'GET',
  path: `${base}/surveys`,
  auth: 'account:read',
  summary: 'Surveys after messaging conversations, without their texts',
  params: InAccount,
  reply: z.object({ surveys: z.array(SurveySummary) }),
} as const satisfies RouteSpec

export const createSurvey = {
  method: 'POST',
  path: `${base}/surveys`,
  auth: 'account:write',
  summary: 'Creates a survey; it is active once a skill is assigned to it',
  params: InAccount,
  body: SurveyDraft.safeExtend({
    /** Chosen by the server when absent. With one, the same request again, whose answer was lost, makes no second survey. */
    appInstallId: Uuid.optional(),
  }),
  reply: Survey,
  status: 201,
} as const satisfies RouteSpec

export const getSurvey = {
  method: 'GET',
  path: `${base}/surveys/:surveyId`,
  auth: 'account:read',
  summary: 'One survey, its newest or an older revision',
  params: OneSurvey,
  query: z.object({ revision: RowNumber.positive().optional() }),
  reply: Survey,
} as const satisfies RouteSpec

export const changeSurvey = {
  method: 'PUT',
  path: `${base}/surveys/:surveyId`,
  auth: 'account:write',
  summary: 'Saves a new revision; surveys that are under way keep theirs',
  params: OneSurvey,
  body: SurveyDraft,
  reply: Survey,
} as const satisfies RouteSpec

export const deleteSurvey = {
  method: 'DELETE',
  path: `${base}/surveys/:surveyId`,
  auth: 'account:write',
  summary: 'Takes the survey from its skills; answers and surveys under way stay',
  params: OneSurvey,
  status: 204,
} as const satisfies RouteSpec

export const assignSurvey = {
  method: 'PUT',
  path: `${base}/surveys/:surveyId/skills`,
  auth: 'account:write',
  summary: 'Sets the skills of a survey; a skill has at most one',
  params: OneSurvey,
  body: z.object({ skillIds: z.array(z.string().min(1)).max(1000) }),
  reply: SurveySummary,
} as const satisfies RouteSpec

export const chooseSurvey = {
  method: 'PUT',
  path: `${base}/conversations/:conversationId/survey`,
  auth: 'conversation:handle',
  summary: 'Sends or suppresses the survey of one conversation by hand, until it closes',
  params: OneConversation,
  body: SurveyChoice,
  reply: SurveyChoice,
} as const satisfies RouteSpec

const Range = z.object({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  surveyId: z.coerce.number().int().positive().optional(),
  revision: RowNumber.positive().optional(),
  skillId: z.string().optional(),
  /** User id of the agent or bot. */
  agentId: z.string().optional(),
  conversationId: z.string().optional(),
})

export const listSurveyRuns = {
  method: 'GET',
  path: `${base}/survey-runs`,
  auth: 'conversation:read',
  summary: 'Surveys with their answers, newest first',
  params: InAccount,
  query: Range.extend({
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** `next` of the page before. */
    after: z.string().optional(),
  }),
  reply: z.object({ runs: z.array(SurveyRun), next: z.string().optional() }),
} as const satisfies RouteSpec

export const exportSurveyRuns = {
  method: 'GET',
  path: `${base}/survey-runs.csv`,
  auth: 'conversation:read',
  audit: 'survey-run.exported',
  summary: 'One line for each answer, as CSV',
  params: InAccount,
  query: Range,
  answers: ['text/csv'],
} as const satisfies RouteSpec

/** What has been said to a survey that is tried out. */
const PreviewAnswer = z.strictObject({
  text: StorableText.max(4_000),
  /** The quick reply that was clicked. */
  clicked: z.strictObject({ questionId: z.string().max(64), id: z.string().max(64) }).optional(),
})

export const previewSurvey = {
  method: 'POST',
  path: `${base}/survey-preview`,
  auth: 'account:write',
  audit: false,
  summary:
    'What a survey would say to these answers, outside of any conversation; nothing is stored',
  params: InAccount,
  body: z.strictObject({
    definition: SurveyDefinition,
    /** Of the consumer; the survey's own unless given. */
    language: Language.optional(),
    /** As a client without quick replies gets it. */
    listed: z.boolean().default(false),
    said: z.array(PreviewAnswer).max(500).default([]),
  }),
  reply: z.object({
    lines: z.array(
      z.object({
        by: z.enum(['bot', 'consumer']),
        /** As clients get it. */
        event: z.looseObject({ type: z.string() }),
      }),
    ),
    answers: z.array(SurveyAnswer),
    /** The question that waits for an answer; absent at the end. */
    questionId: z.string().optional(),
  }),
} as const satisfies RouteSpec

const Scores = z.object({
  count: z.int(),
  average: z.number().optional(),
})

/** What came of the surveys of a day, or of something else. */
const Sums = z.object({
  surveys: z.int(),
  completed: z.int(),
  csat: Scores,
  nps: Scores.extend({ score: z.number().optional() }),
  fcr: Scores,
})

/** How many days scores go back when the request names no start. */
export const SURVEY_SCORE_DAYS = 90

export const getSurveyScores = {
  method: 'GET',
  path: `${base}/survey-scores`,
  auth: 'conversation:read',
  summary: 'Scores by day, and the share of closed conversations that were surveyed',
  params: InAccount,
  query: Range.omit({ conversationId: true }).extend({
    from: Range.shape.from.describe(
      `${SURVEY_SCORE_DAYS} days before \`to\`, or before now, unless given`,
    ),
  }),
  reply: z.object({
    days: z.array(
      z.object({
        day: z.iso.date(),
        ...Sums.shape,
        closedConversations: z.int(),
        surveyedShare: z.number().optional(),
      }),
    ),
  }),
} as const satisfies RouteSpec

/** Of one survey, skill or agent. */
export const SurveyTotals = Sums.extend({
  /** The id of the survey, the skill or the agent's user; empty where there was no agent. */
  key: z.string(),
  /** How many have answered at least one question. */
  answered: z.int(),
})
export type SurveyTotals = z.infer<typeof SurveyTotals>

/** Most surveys, skills or agents of an answer: those with the most surveys. */
export const MAX_SURVEY_TOTALS = 500

export const getSurveyTotals = {
  method: 'GET',
  path: `${base}/survey-totals`,
  auth: 'conversation:read',
  summary: `Scores by survey, skill or agent, at most ${MAX_SURVEY_TOTALS}`,
  params: InAccount,
  query: getSurveyScores.query.extend({ by: z.enum(['survey', 'skill', 'agent']) }),
  reply: z.object({ totals: z.array(SurveyTotals) }),
} as const satisfies RouteSpec
