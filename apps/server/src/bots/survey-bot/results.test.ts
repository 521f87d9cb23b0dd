import type { previewSurvey, SurveyTotals } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as z from 'zod'
import {
  call,
  lambdasOf,
  openConsumerSocket,
  type Scene,
  startTestServer,
  type TestServer,
} from '#testing'
import { givenSurvey, runsOf, startSurvey } from './survey.fixture.ts'

const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
const why = { id: 'why', kind: 'free-text', text: 'Why?', optional: true }

interface Scored {
  day: string
  surveys: number
  closedConversations: number
}

type PreviewAnswer = z.output<(typeof previewSurvey)['reply']>

const DAY_MS = 86_400_000

let server: TestServer
let scene: Scene

beforeAll(async () => {
  server = await startTestServer()
  scene = server
})
afterAll(() => server[Symbol.asyncDispose]())

test('a survey keeps the revision that it began with', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat, why] })
  const survey = await startSurvey(scene, skillId)
  await using _ = survey.consumer
  const changed = { name: 'Changed', fallback: 'x', questions: [{ ...csat, text: 'Other' }] }
  expect(await call(scene, 'PUT', `surveys/${surveyId}`, changed)).toMatchObject({ revision: 2 })
  await survey.answer('1')
  expect(await survey.bot()).toEqual([csat.text, why.text])
  await survey.answer('because')
  expect(await runsOf(scene, survey.conversationId)).toMatchObject([
    { revision: 1, outcome: 'completed' },
  ])
  const next = await startSurvey(scene, skillId)
  await using __ = next.consumer
  expect(await next.bot()).toEqual(['Other'])
  const first = await call(scene, 'GET', `surveys/${surveyId}?revision=1`)
  expect(first).toMatchObject({ revision: 1, definition: { questions: [{}, {}] } })
})

test('answers are read with scores by day and the share of surveyed conversations, and as CSV', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat, why] })
  for (const [score, reason] of [
    ['2', '=1+1, "slow"'],
    ['5', 'fine'],
  ] as const) {
    const survey = await startSurvey(scene, skillId)
    await survey.answer(score)
    await survey.answer(reason)
    await survey.consumer[Symbol.asyncDispose]()
  }
  const { days } = await call<{ days: object[] }>(scene, 'GET', `survey-scores?skillId=${skillId}`)
  expect(days).toEqual([
    {
      day: new Date(scene.clock.now()).toISOString().slice(0, 10),
      surveys: 2,
      completed: 2,
      closedConversations: 2,
      surveyedShare: 1,
      csat: { count: 2, average: 3.5 },
      nps: { count: 0 },
      fcr: { count: 0 },
    },
  ])
  const from = new Date(scene.clock.now() - DAY_MS).toISOString()
  const figures = await call<{ rows: { key: string }[] }>(scene, 'GET', `figures?from=${from}`)
  expect(figures.rows.find(({ key }) => key === skillId)).toMatchObject({
    closed: 2,
    satisfaction: { count: 2, average: 3.5 },
  })
  const url = `/api/v1/accounts/${scene.accountId}/survey-runs.csv?skillId=${skillId}`
  const { text, status } = await scene.request('GET', url, { bearer: scene.adminBearer })
  expect(status).toBe(200)
  const lines = text.trim().split('\r\n')
  expect(lines[0]).toMatch(/^startedAt,endedAt,outcome,conversationId,surveyId/)
  expect(lines).toHaveLength(5)
  expect(lines.find((line) => line.includes('slow'))).toContain(`"'=1+1, ""slow"""`)
})

test('scores are summed by survey, skill and agent', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat, why] })
  for (const score of ['2', '5']) {
    const survey = await startSurvey(scene, skillId)
    await survey.answer(score)
    await survey.consumer[Symbol.asyncDispose]()
  }
  const sums = { surveys: 2, answered: 2, completed: 0, csat: { count: 2, average: 3.5 } }
  for (const [by, key] of Object.entries({ survey: String(surveyId), skill: skillId })) {
    const { totals } = await call<{ totals: SurveyTotals[] }>(
      scene,
      'GET',
      `survey-totals?by=${by}&skillId=${skillId}`,
    )
    expect(totals).toEqual([{ key, ...sums, nps: { count: 0 }, fcr: { count: 0 } }])
  }
  const { totals } = await call<{ totals: SurveyTotals[] }>(
    scene,
    'GET',
    `survey-totals?by=agent&skillId=${skillId}`,
  )
  expect(totals.map(({ surveys }) => surveys)).toEqual([2])
})

test('a survey is tried out by its rules before it is saved', async () => {
  const definition = {
    name: 'Draft',
    greeting: 'Hello',
    fallback: 'Choose one',
    thankYou: 'Thanks',
    questions: [
      { ...csat, branches: [{ answers: ['5'], goTo: 'end' }] },
      { ...why, optional: false },
    ],
  }
  const preview = (said: object[]) =>
    call<PreviewAnswer>(scene, 'POST', 'survey-preview', { definition, said })
  const words = ({ lines }: PreviewAnswer) =>
    lines.map(({ by, event }) => `${by}: ${String(event['message'])}`)

  const begun = await preview([])
  expect(words(begun)).toEqual(['bot: Hello', `bot: ${csat.text}`])
  expect(begun.questionId).toBe('csat')
  const clicked = await preview([{ text: '5', clicked: { questionId: 'csat', id: '5' } }])
  expect(words(clicked).slice(2)).toEqual(['consumer: 5', 'bot: Thanks'])
  expect(clicked).toMatchObject({ answers: [{ questionId: 'csat', score: 5 }] })
  expect(clicked.questionId).toBeUndefined()
  const wrong = await preview([{ text: 'nine' }, { text: '1' }, { text: 'slow' }])
  expect(words(wrong).slice(2)).toEqual([
    'consumer: nine',
    'bot: Choose one',
    'consumer: 1',
    'bot: Why?',
    'consumer: slow',
    'bot: Thanks',
  ])

  const url = `/api/v1/accounts/${scene.accountId}/survey-preview`
  const bad = { ...definition, questions: [{ ...csat, goTo: 'nowhere' }] }
  const refused = await scene.request('POST', url, {
    bearer: scene.adminBearer,
    body: { definition: bad },
  })
  expect([refused.status, refused.text]).toEqual([
    400,
    expect.stringContaining('body.definition.questions.0.goTo'),
  ])
})

test('scores go back 90 days unless asked for more', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  const startedAt = scene.clock.now()
  const survey = await startSurvey(scene, skillId)
  await survey.answer('3')
  await survey.consumer[Symbol.asyncDispose]()
  const day = new Date(startedAt).toISOString().slice(0, 10)
  const after = (days: number) => new Date(startedAt + days * DAY_MS).toISOString()
  const scores = async (query = '') => {
    const path = `survey-scores?skillId=${skillId}${query}`
    const { days } = await call<{ days: Scored[] }>(scene, 'GET', path)
    return days.map(({ day: date, surveys, closedConversations }) => [
      date,
      surveys,
      closedConversations,
    ])
  }
  const told = [[day, 1, 1]]

  expect(await scores()).toEqual(told)
  expect(await scores(`&to=${after(89)}`)).toEqual(told)
  expect(await scores(`&to=${after(91)}`)).toEqual([])
  expect(await scores(`&from=${after(-1)}&to=${after(91)}`)).toEqual(told)
  expect(await scores(`&from=${after(-1)}&to=${after(0)}`)).toEqual([])
  const { paths } = (await scene.request('GET', '/api/v1/openapi.json')).json<{
    paths: Record<string, { get: { parameters: { name: string }[] } }>
  }>()
  const parameters = paths['/api/v1/accounts/{accountId}/survey-scores']?.get.parameters
  expect(parameters?.find(({ name }) => name === 'from')).toMatchObject({
    schema: { description: expect.stringContaining('90 days') },
  })
})

test('pages of surveys follow each other', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  for (let nth = 0; nth < 3; nth += 1) {
    const survey = await startSurvey(scene, skillId)
    await survey.consumer[Symbol.asyncDispose]()
  }
  const path = `survey-runs?skillId=${skillId}&limit=2`
  type Page = { runs: { dialogId: string }[]; next?: string }
  const first = await call<Page>(scene, 'GET', path)
  const second = await call<Page>(scene, 'GET', `${path}&after=${first.next}`)
  expect(second.next).toBeUndefined()
  const ids = [...first.runs, ...second.runs].map(({ dialogId }) => dialogId)
  expect(new Set(ids).size).toBe(3)
})

test('a skill belongs to one survey; wrong definitions name the field', async () => {
  const { skillId } = await givenSurvey(scene, { questions: [csat] })
  const other = await givenSurvey(scene, { questions: [csat] })
  const url = `/api/v1/accounts/${scene.accountId}/surveys`
  const send = (method: string, path: string, body: object) =>
    scene.request(method, `${url}${path}`, { bearer: scene.adminBearer, body })
  const taken = await send('PUT', `/${other.surveyId}/skills`, { skillIds: [skillId] })
  expect(taken.status).toBe(409)
  expect(taken.text).toContain('body.skillIds.0')
  const unknown = await send('PUT', `/${other.surveyId}/skills`, { skillIds: ['4711'] })
  expect(unknown.status).toBe(400)
  const good = { name: 'x', fallback: 'y', questions: [csat] }
  const wrong = await send('POST', '', { ...good, questions: [csat, csat] })
  expect(wrong.status).toBe(400)
  expect(wrong.text).toContain('body.questions.1.id')
  expect((await send('PUT', '/99', good)).status).toBe(404)
})

test('message history tells the surveys of many conversations, each in its own words', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat, why] })
  const other = await givenSurvey(scene, { questions: [{ ...csat, text: 'Other survey?' }] })
  const changed = { name: 'x', fallback: 'y', questions: [{ ...csat, text: 'Changed?' }] }
  const conversationIds: string[] = []
  const answered = async (skill: string, score: string) => {
    const survey = await startSurvey(scene, skill)
    await using _ = survey.consumer
    await survey.answer(score)
    conversationIds.push(survey.conversationId)
  }
  await answered(skillId, '1')
  await call(scene, 'PUT', `surveys/${surveyId}`, changed)
  await answered(skillId, '2')
  await answered(other.skillId, '3')
  await using unsurveyed = await openConsumerSocket(scene)
  conversationIds.push(await unsurveyed.openConversation())

  const url = `/messaging_history/api/account/${scene.accountId}/conversations/conversation/search`
  const body = { conversationIds, contentToRetrieve: ['conversationSurveys'] }
  const reply = await scene.request('POST', url, { bearer: scene.adminBearer, body })

  const { conversationHistoryRecords: records } = reply.json<{
    conversationHistoryRecords: {
      info: { conversationId: string }
      conversationSurveys: { surveyRevision: number; surveyData: Record<string, string>[] }[]
    }[]
  }>()
  const told = conversationIds.map((id) =>
    records
      .find(({ info }) => info.conversationId === id)
      ?.conversationSurveys.map(({ surveyRevision, surveyData: [first] }) => [
        surveyRevision,
        first?.['question'],
        first?.['answer'],
      ]),
  )
  expect(told).toEqual([
    [[1, csat.text, '1']],
    [[2, 'Changed?', '2']],
    [[1, 'Other survey?', '3']],
    [],
  ])
})

test('message history tells the answers with their questions; erasing the consumer drops them', async () => {
  const { skillId, surveyId } = await givenSurvey(scene, { questions: [csat, why] })
  const survey = await startSurvey(scene, skillId)
  await using _ = survey.consumer
  const { conversationId } = survey
  await survey.answer('4')
  const url = `/messaging_history/api/account/${scene.accountId}/conversations/conversation/search`
  const search = async () => {
    const body = { conversationId, contentToRetrieve: ['conversationSurveys'] }
    const reply = await scene.request('POST', url, { bearer: scene.adminBearer, body })
    return reply.json<{ conversationHistoryRecords: { conversationSurveys: object[] }[] }>()
  }
  const [record] = (await search()).conversationHistoryRecords
  expect(record?.conversationSurveys).toMatchObject([
    {
      surveyStatus: 'PARTIALLY_FILLED',
      surveyId,
      surveyData: [{ question: csat.text, answer: '4', questionId: 'csat', answerId: '4' }],
    },
  ])
  await call(scene, 'POST', 'erasures', { consumerId: survey.consumer.consumerId })
  await scene.clock.advance(1000)
  expect(await runsOf(scene, conversationId)).toEqual([])
})

test.each(['none', '0', '-1', '1.5', '99999999999999999999'])(
  'there is no survey "%s", whoever asks for it',
  async (surveyId) => {
    for (const [method, path] of [
      ['GET', `/surveys/${surveyId}`],
      ['DELETE', `/surveys/${surveyId}`],
    ] as const) {
      const reply = await lambdasOf(scene).native(method, path)
      expect(reply.json()).toMatchObject({
        error: { code: 'not_found', message: 'There is no such survey' },
      })
    }
  },
)
