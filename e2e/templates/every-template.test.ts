import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENTS, findEvent, NO_EVENT } from '../../packages/contract/src/events/index.ts'
import {
  FIRST_INPUTS,
  openConsumer,
  setOffHours,
} from '../../apps/server/src/bots/controller-bot/scene.fixture.ts'
import { givenSurvey, startSurvey } from '../../apps/server/src/bots/survey-bot/survey.fixture.ts'
import {
  lambdasOf,
  liveChatAccount,
  type HttpSite,
  type Scene,
  startHttpSite,
  startTestServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'
import { play, scenarios } from './scenarios.fixture.ts'
import { deployTemplate, sourceOf } from './template.fixture.ts'

/** Every template of the contract, unchanged, run by what raises its event: a new one is in this test by itself. */
const templates = [
  ...EVENTS.flatMap(({ id, name, templates: all }) =>
    all.map((template) => ({ event: name, eventId: id, template: template.name })),
  ),
  ...NO_EVENT.templates.map(({ name }) => ({
    event: NO_EVENT.name,
    eventId: undefined,
    template: name,
  })),
]

let server: TestServer
let far: HttpSite

beforeAll(async () => {
  far = await startHttpSite((_request, response) => {
    const records = [{ Name: 'Cars Ltd', Website: 'https://cars.example', Phone: '1' }]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ totalSize: 1, done: true, records }))
  })
  server = await startTestServer({ env: { PARLEY_EGRESS_PRIVATE: far.host } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await far[Symbol.asyncDispose]()
})

interface Run {
  outcome: string
  errorMessage: string | null
  result: unknown
}

async function runsOf(functionId: string): Promise<Run[]> {
  const rows = await server.context.store.db
    .selectFrom('invocation')
    .select(['outcome', 'errorMessage', 'resultJson'])
    .where('functionId', '=', functionId)
    .execute()
  return rows.map(({ resultJson, ...run }) => ({
    ...run,
    result: JSON.parse(resultJson ?? 'null') as unknown,
  }))
}

/** Deploys the template in an account of its own, with all that templates ask for, and raises its event. Resolves with the function. */
async function runLive(eventId: string | undefined, template: string): Promise<string> {
  if (findEvent(eventId ?? '')?.source === 'Chat Service') {
    const chats = await liveChatAccount(server)
    const functionId = await chats.deploy('template', sourceOf(eventId, template))
    const chat = await chats.ended({ name: 'Ada' })
    expect((await chat.consumer('POST', '/survey', { csatRank: 2 })).status).toBe(201)
    await server.clock.advance(0)
    return functionId
  }
  const credentials = await server.anotherAccount()
  const { url, clock, context, request } = server
  const scene: Scene = { ...credentials, url, clock, context, request }
  const account = lambdasOf(server, credentials)
  const { user, password } = account.account.admin
  const login = { username: `${scene.accountId}:${user}`, password }
  await account.native('POST', '/secrets', { name: 'file-store', type: 'json', value: login })
  await account.native('POST', '/secrets', { name: 'my-secret', value: 'old value' })
  await account.native('POST', '/secrets', { name: 'salesforce-token', value: 'token-of-ours' })
  const environment = { TARGET_URL: far.origin, SF_URL: far.origin }
  const { functionId } = await deployTemplate(account, eventId, template, environment)

  const scenario = scenarios[eventId ?? '']
  if (scenario) {
    await setOffHours(scene, false)
    await using consumer = await openConsumer(scene, FIRST_INPUTS)
    await play(scene, consumer, scenario)
  } else if (findEvent(eventId ?? '')?.source === 'Post Survey Bot') {
    const csat = { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' }
    const { skillId } = await givenSurvey(scene, { questions: [csat] })
    const survey = await startSurvey(scene, skillId)
    await using _consumer = survey.consumer
    await survey.answer('4')
  } else {
    const sample = (eventId === undefined ? NO_EVENT : findEvent(eventId))?.samplePayload
    const answer = await account.invoke(functionId, sample?.payload)
    expect([answer.status, answer.text]).toEqual([200, answer.text])
    await context.records.writer.flush()
  }
  return functionId
}

test.each(templates)(
  'the template $template of $event runs, and answers what its event understands',
  async ({ eventId, template }) => {
    const functionId = await runLive(eventId, template)

    await expect.poll(() => runsOf(functionId)).not.toEqual([])
    const understood = eventId === undefined ? undefined : findEvent(eventId)?.result
    for (const { outcome, errorMessage, result } of await runsOf(functionId)) {
      expect([outcome, errorMessage]).toEqual(['SUCCEEDED', null])
      expect(understood?.safeParse(result ?? undefined).error).toBeUndefined()
    }
  },
)
