import * as contract from '@parley/contract'
import type { Reading } from '#messaging/reading'
import { type Http, type Principal, route } from '#base/http'
import { invalid, ParleyError, textStream } from '#base/kernel'
import type { Store } from '#base/store'
import { CSV_HEADER, csvLines } from './csv.ts'
import { previewSurvey } from './preview.ts'
import { findSurvey, saveChoice } from './repository.ts'
import { type AskedFilter, readRuns, readScores, readTotals } from './results.ts'
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
  route(app, contract.previewSurvey, ({ body }) => previewSurvey(body, deps.clock.now()))
  const readerOf = (principal: Principal) => deps.reading.readerOf(principal)
  route(app, contract.listSurveyRuns, async ({ params, principal, query }) => {
    const { limit, after, ...asked } = query
    const reader = await readerOf(principal)
    return await readRuns(db, params.accountId, reader, asked, { limit, after })
  })
  route(app, contract.getSurveyScores, async ({ params, principal, query }) =>
    readScores(deps, params.accountId, await readerOf(principal), query),
  )
  route(app, contract.getSurveyTotals, async ({ params, principal, query }) =>
    readTotals(deps, params.accountId, await readerOf(principal), query),
  )
  route(app, contract.exportSurveyRuns, ({ params, principal, query, reply }) =>
    reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="survey-answers.csv"')
      .send(textStream(csvOf(deps, params.accountId, principal, query))),
  )
}

/** Page by page, so that a long export stays small in memory. */
async function* csvOf(
  { store: { db }, reading }: { store: Store; reading: Reading },
  accountId: string,
  principal: Principal,
  asked: AskedFilter,
): AsyncGenerator<string> {
  yield CSV_HEADER
  let after: string | undefined
  do {
    const reader = await reading.readerOf(principal)
    const page = { limit: CSV_PAGE, after }
    const { runs, next } = await readRuns(db, accountId, reader, asked, page)
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
  const reader = await reading.readerOf(principal)
  const { state } = await reading.getConversation(accountId, reader, conversationId)
  if (state === 'CLOSE') {
    throw new ParleyError('conversation_closed', `Conversation "${conversationId}" is closed`)
  }
  const { surveyId } = choice
  if (surveyId !== undefined && !(await findSurvey(store.db, accountId, surveyId))) {
    throw invalid('body.surveyId', `No survey "${surveyId}"`)
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
