import { Readable } from 'node:stream'
import * as contract from '@parley/contract'
import type { Reading } from '#messaging/reading'
import { type Http, type Principal, route } from '#base/http'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { CSV_HEADER, csvLines } from './csv.ts'
import { findSurvey, saveChoice } from './repository.ts'
import { type AskedFilter, readRuns, readScores } from './results.ts'
import {
  assignSurvey,
  changeSurvey,
  createSurvey,
  deleteSurvey,
  readSurvey,
  readSurveys,
  type SurveyDeps,
} from './surveys.ts'

const CSV_PAGE = 500

export function surveyRoutes({ app }: Http, deps: SurveyDeps & { reading: Reading }): void {
  const { db } = deps.store
  route(app, contract.listSurveys, async ({ params }) => ({
    surveys: await readSurveys(deps, params.accountId),
  }))
  route(app, contract.createSurvey, ({ params, body, principal }) =>
    createSurvey(deps, params.accountId, principal.name, body),
  )
  route(app, contract.getSurvey, ({ params: { accountId, surveyId }, query }) =>
    readSurvey(deps, accountId, surveyId, query.revision),
  )
  route(app, contract.changeSurvey, ({ params: { accountId, surveyId }, body, principal }) =>
    changeSurvey(deps, accountId, principal.name, surveyId, body),
  )
  route(app, contract.deleteSurvey, ({ params: { accountId, surveyId }, principal }) =>
    deleteSurvey(deps, accountId, principal.name, surveyId),
  )
  route(app, contract.assignSurvey, ({ params: { accountId, surveyId }, body, principal }) =>
    assignSurvey(deps, accountId, principal.name, surveyId, body.skillIds),
  )
  route(app, contract.chooseSurvey, ({ params, body, principal }) =>
    chooseSurvey(deps, params.accountId, principal, params.conversationId, body),
  )
  route(app, contract.listSurveyRuns, ({ params, query: { limit, after, ...asked } }) =>
    readRuns(db, params.accountId, asked, { limit, after }),
  )
  route(app, contract.getSurveyScores, ({ params, query }) =>
    readScores(deps, params.accountId, query),
  )
  route(app, contract.exportSurveyRuns, ({ params, query, reply }) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="survey-answers.csv"')
      .send(Readable.from(csvOf(db, params.accountId, query))),
  )
}

/** Page by page, so that a long export stays small in memory. */
async function* csvOf(db: Db, accountId: string, asked: AskedFilter): AsyncGenerator<string> {
  yield CSV_HEADER
  let after: string | undefined
  do {
    const { runs, next } = await readRuns(db, accountId, asked, { limit: CSV_PAGE, after })
    yield runs.map(csvLines).join('')
    after = next
  } while (after !== undefined)
}

/** Until the conversation closes; who may not see it finds none. */
async function chooseSurvey(
  { store, reading, audit }: SurveyDeps & { reading: Reading },
  accountId: string,
  principal: Principal,
  conversationId: string,
  choice: contract.SurveyChoice,
): Promise<contract.SurveyChoice> {
  const reader = {
    kind: 'agent' as const,
    userId: principal.id,
    pid: principal.pid ?? principal.id,
    supervises: principal.permissions.has('conversation:manage'),
  }
  const { state } = await reading.getConversation(accountId, reader, conversationId)
  if (state === 'CLOSE') {
    throw new ParleyError('conversation_closed', `Conversation "${conversationId}" is closed`)
  }
  const { surveyId } = choice
  if (surveyId !== undefined && !(await findSurvey(store.db, accountId, surveyId))) {
    throw new ParleyError('invalid_request', `body.surveyId: No survey "${surveyId}"`)
  }
  await store.transaction(async (tx) => {
    await saveChoice(tx, accountId, conversationId, choice)
    await audit.record(tx, accountId, {
      actor: principal.name,
      action: 'survey.chosen',
      object: `conversation:${conversationId}`,
      details: { ...choice },
    })
  })
  return choice
}
