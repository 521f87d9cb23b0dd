import { afterAll, beforeAll, expect, test } from 'vitest'
import { findEvent } from '../../packages/contract/src/events/index.ts'
import {
  FIRST_INPUTS,
  openConsumer,
  setOffHours,
} from '../../apps/server/src/bots/controller-bot/scene.fixture.ts'
import { closeBy } from '../../apps/server/src/bots/controller-bot/scenario.fixture.ts'
import {
  type Lambdas,
  lambdasOf,
  type Scene,
  startTestServer,
  type TestServer,
} from '../../apps/server/testing/index.ts'
import { END, play, scenarios } from './scenarios.fixture.ts'
import { deployTemplate, sourceOf } from './template.fixture.ts'

const messaging = Object.entries(scenarios).map(([id, runScenario]) => {
  const event = findEvent(id)
  if (!event) throw new Error(`No event "${id}"`)
  return { ...event, runScenario }
})

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function givenAccount(): Promise<{ scene: Scene; account: Lambdas }> {
  const credentials = await server.anotherAccount()
  const { url, clock, context, request } = server
  const scene = { ...credentials, url, clock, context, request }
  await setOffHours(scene, false)
  return { scene, account: lambdasOf(server, credentials) }
}

test.each(messaging)('the message of "$name" arrives in the conversation', async (event) => {
  const { scene, account } = await givenAccount()
  const { logs } = await deployTemplate(account, event.id, event.name)
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await play(scene, consumer, event.runScenario)

  const answer = /type: 'systemMessage', text: '([^']+)'/.exec(sourceOf(event.id, event.name))?.[1]
  expect(answer).not.toBeUndefined()
  const message = await consumer.message(conversationId, ({ text }) => text === answer)
  expect(message.role).toBe('CONTROLLER')
  await expect
    .poll(logs)
    .toMatchObject([{ level: 'Info', message: expect.stringContaining(` for ${conversationId}`) }])
})

test('Keyword Scanner finds a word that the consumer has sent', async () => {
  const { scene, account } = await givenAccount()
  const { logs } = await deployTemplate(account, END, 'Keyword Scanner')
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  await consumer.say(conversationId, 'Hello there')
  await consumer.say(conversationId, 'I want a REFUND at once')
  const sentTimestamp = scene.clock.now()
  await closeBy(consumer, conversationId)
  await scene.clock.advance(0)
  await expect.poll(logs).toEqual([
    expect.objectContaining({
      level: 'Info',
      message: 'keywordRef:refund',
      extras: [{ sentBy: 'Consumer', sentTimestamp }],
    }),
  ])
})

test('Replace Files replaces what the consumer has uploaded', async () => {
  const { scene, account } = await givenAccount()
  const { user, password } = account.account.admin
  const value = { username: `${scene.accountId}:${user}`, password }
  await account.native('POST', '/secrets', { name: 'file-store', type: 'json', value })
  const { logs } = await deployTemplate(account, END, 'Replace Files for Conversation')
  await using consumer = await openConsumer(scene, FIRST_INPUTS)
  const conversationId = await consumer.openConversation(FIRST_INPUTS.request)
  const upload = { fileSize: 5, fileType: 'PNG' }
  const granted = await consumer.request('ms.GenerateURLForUploadFile', upload)
  const { relativePath, queryParams } = granted.body as Grant & { relativePath: string }
  const put = { method: 'PUT', body: 'first' }
  expect((await fetch(urlOf(relativePath, queryParams), put)).status).toBe(201)
  const message = { caption: 'my passport', relativePath, fileType: 'PNG' }
  const event = { type: 'ContentEvent', contentType: 'hosted/file', message }
  await consumer.request('ms.PublishEvent', { dialogId: conversationId, event })
  const read = async () => {
    const answer = await consumer.request('ms.GenerateURLForDownloadFile', { relativePath })
    return (await fetch(urlOf(relativePath, (answer.body as Grant).queryParams))).text()
  }
  expect(await read()).toBe('first')

  await closeBy(consumer, conversationId)
  await scene.clock.advance(0)

  await expect.poll(logs).toMatchObject([{ message: 'Replaced files', extras: [{ count: 1 }] }])
  expect(await read()).not.toBe('first')
})

interface Grant {
  queryParams: Record<string, string>
}

function urlOf(relativePath: string, queryParams: Record<string, string>): string {
  return `${server.url}${relativePath}?${new URLSearchParams(queryParams).toString()}`
}
