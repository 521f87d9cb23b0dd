import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, startTestServer, type TestServer } from '#testing'
import { givenSurvey, startSurvey } from './survey.fixture.ts'

const DAY_MS = 86_400_000
const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }

let server: TestServer
beforeAll(async () => {
  // Credentials must outlive the nights of the test.
  server = await startTestServer({ wallClock: 'system' })
})
afterAll(() => server[Symbol.asyncDispose]())

async function age(days: number): Promise<void> {
  const { db } = server.context.store
  const interval = sql`${`${days} days`}::interval`
  await sql`update survey_revision set created_at = created_at - ${interval}`.execute(db)
  await sql`update survey set updated_at = updated_at - ${interval}`.execute(db)
}

/** The numbers of those that are kept. */
async function revisionsOf(surveyId: number): Promise<number[]> {
  const { db } = server.context.store
  const rows = await db
    .selectFrom('surveyRevision')
    .select('revision')
    .where('surveyId', '=', surveyId)
    .orderBy('revision')
    .execute()
  return rows.map(({ revision }) => revision)
}

test('old revisions of a survey end, but those that kept answers are read with', async () => {
  const { skillId, surveyId } = await givenSurvey(server, { questions: [csat] })
  const survey = await startSurvey(server, skillId)
  await survey.answer('4')
  const { consumerId } = survey.consumer
  await survey.consumer[Symbol.asyncDispose]()
  for (const text of ['Second', 'Third', 'Fourth']) {
    const changed = { name: text, fallback: 'x', questions: [{ ...csat, text }] }
    await call(server, 'PUT', `surveys/${surveyId}`, changed)
  }
  await age(399)
  await server.clock.advance(DAY_MS / 2)
  expect(await revisionsOf(surveyId)).toEqual([1, 2, 3, 4])

  await age(30)
  await server.clock.advance(DAY_MS)
  expect(await revisionsOf(surveyId)).toEqual([1, 4])
  expect(await call(server, 'GET', `surveys/${surveyId}?revision=1`)).toMatchObject({ revision: 1 })

  await call(server, 'POST', 'erasures', { consumerId })
  await server.clock.advance(2 * DAY_MS)
  expect(await revisionsOf(surveyId)).toEqual([4])
})

test('a deleted survey ends with the last answers to it', async () => {
  const answered = await givenSurvey(server, { questions: [csat] })
  const survey = await startSurvey(server, answered.skillId)
  await survey.answer('4')
  const { consumerId } = survey.consumer
  await survey.consumer[Symbol.asyncDispose]()
  const silent = await givenSurvey(server, { questions: [csat] })
  const kept = async () => {
    const rows = await server.context.store.db.selectFrom('survey').select('surveyId').execute()
    const ids = rows.map(({ surveyId }) => surveyId)
    return [answered, silent].map(({ surveyId }) => ids.includes(surveyId))
  }
  await age(500)
  for (const { surveyId } of [answered, silent]) {
    await call(server, 'DELETE', `surveys/${surveyId}`)
  }

  await server.clock.advance(2 * DAY_MS)
  expect(await kept()).toEqual([true, true])

  await age(450)
  await server.clock.advance(DAY_MS)
  expect(await kept()).toEqual([true, false])

  await call(server, 'POST', 'erasures', { consumerId })
  await server.clock.advance(2 * DAY_MS)
  expect(await kept()).toEqual([false, false])
})

test('a survey that is made twice by one id is there once, unless it says something else', async () => {
  const url = `/api/v1/accounts/${server.accountId}/surveys`
  const send = (method: 'GET' | 'POST', body?: object) =>
    server.request(method, url, { bearer: server.adminBearer, ...(body && { body }) })
  const appInstallId = '1f0c7b9e-1111-4222-8333-444455556666'
  const draft = { appInstallId, name: 'made once', fallback: 'y', questions: [csat] }
  const replies = await Promise.all([send('POST', draft), send('POST', draft)])
  const other = await send('POST', { ...draft, fallback: 'z' })

  expect([...replies, other].map(({ status }) => status)).toEqual([201, 201, 409])
  expect(replies[0].json()).toMatchObject({ appInstallId })
  expect(replies[1].json()).toEqual(replies[0].json())
  const { surveys } = (await send('GET')).json<{ surveys: { name: string }[] }>()
  expect(surveys.filter(({ name }) => name === 'made once')).toHaveLength(1)
})

test('the id of a deleted survey is refused for another one, as one that is taken', async () => {
  const url = `/api/v1/accounts/${server.accountId}/surveys`
  const send = (method: 'POST' | 'DELETE', path = '', body?: object) =>
    server.request(method, `${url}${path}`, {
      bearer: server.adminBearer,
      ...(body && { body }),
    })
  const appInstallId = '2f0c7b9e-1111-4222-8333-444455556666'
  const draft = { appInstallId, name: 'made again', fallback: 'y', questions: [csat] }
  const { surveyId } = (await send('POST', '', draft)).json<{ surveyId: number }>()
  await send('DELETE', `/${surveyId}`)

  expect((await send('POST', '', draft)).status).toBe(409)
})
