import { expect, test } from 'vitest'
import {
  call,
  givenFunction,
  HOUR_AGO,
  lambdasOf,
  openConsumerSocket,
  startDoomedNode,
  startTestServer,
} from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { lateAnswer, SILENT } from './late-answers.fixture.ts'
import { automatic } from './scene.fixture.ts'

const NEW = 'controllerbot_messaging_new_conversation'
const WELCOME = 'Welcome! How can we help you?'

test('on two nodes the default message goes out once, and neither a restart nor a backlog releases it', async () => {
  await using nodes = await startTestServer({ nodes: 2 })
  const { accountId } = nodes
  const [first = '', second = ''] = nodes.urls
  await givenFunction(nodes, NEW, lateAnswer(`{ type: 'systemMessage', text: 'Late' }`))
  for (const url of [first, second]) {
    await using consumer = await openConsumerSocket({ url, accountId })
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    await nodes.clock.advance(60_000)
    await expect
      .poll(async () =>
        (await automatic(consumer, conversationId)).filter((text) => text !== 'Late'),
      )
      .toHaveLength(1)
  }

  await using elsewhere = await openConsumerSocket({ url: first, accountId })
  const conversationId = await elsewhere.openConversation({ skillId: '1001' })
  await nodes.clock.advance(600)
  // The first node ends after its second attempt, and the event has waited for an hour when the other one takes it.
  await nodes.context.delivery.drain(0)
  const hourAgo = new Date(nodes.clock.now() - 3_600_000)
  await nodes.context.store.db
    .updateTable('outbox')
    .set({ runAt: hourAgo, firstAttemptAt: hourAgo, createdAt: hourAgo })
    .where('lane', '=', conversationId)
    .execute()
  await nodes.clock.advance(1000)
  await expect.poll(() => invocationsOf(nodes, conversationId)).toHaveLength(3)
  expect(await automatic(elsewhere, conversationId)).toEqual([])
  await nodes.clock.advance(10_000)
  await expect.poll(() => automatic(elsewhere, conversationId)).toEqual([WELCOME])
})

test('a node that is killed before or after a default message leaves the event to another one, which does not repeat it', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await using doomed = await startDoomedNode(live)
  await using open = new AsyncDisposableStack()
  const begin = async (defaultMessageAfterMs: number) => {
    const account = await live.anotherAccount()
    const lambdas = lambdasOf(live, account)
    await lambdas.native('PATCH', '/settings', { messaging: { defaultMessageAfterMs } })
    const functionId = await lambdas.deployed(`async function lambda() { ${SILENT} }`, {
      eventId: NEW,
    })
    const { accountId } = account
    const consumer = open.use(await openConsumerSocket({ url: doomed.url()!, accountId }))
    const conversationId = await consumer.openConversation({ skillId: '1001' })
    return { accountId, lambdas, functionId, consumer, conversationId }
  }
  const [impatient, patient] = [await begin(100), await begin(60_000)]
  await impatient.consumer.message(impatient.conversationId, ({ text }) => text === WELCOME)
  for (const { lambdas, functionId } of [impatient, patient]) {
    const code = `const lambda = (input, callback) => callback(null, { type: 'systemMessage', text: 'Late' })`
    await lambdas.call('PUT', `/lambdas/${functionId}?v=1`, { implementation: { code } })
    expect((await lambdas.deploy(functionId)).status).toBe(200)
  }

  await doomed.kill()
  await live.context.store.db.updateTable('outbox').set({ leasedUntil: HOUR_AGO }).execute()

  const said = async ({ accountId, consumer, conversationId }: typeof patient) => {
    const here = { url: live.url, accountId }
    await using reader = await openConsumerSocket(here, { jwt: consumer.jwt })
    return await automatic(reader, conversationId)
  }
  await expect.poll(() => said(impatient)).toEqual([WELCOME, 'Late'])
  await expect.poll(() => said(patient)).toEqual(['Late'])
})

test('an answer that comes while its own attempt still runs is appended', async () => {
  await using live = await startTestServer({ clock: 'system' })
  await call(live, 'PATCH', 'settings', { messaging: { defaultMessageAfterMs: 100 } })
  await givenFunction(
    live,
    NEW,
    `await new Promise((done) => setTimeout(done, 1000))
     callback(null, { type: 'systemMessage', text: 'Late' })`,
  )
  const { url, accountId } = live
  await using consumer = await openConsumerSocket({ url, accountId })
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await consumer.message(conversationId, ({ text }) => text === 'Late')
  expect(await automatic(consumer, conversationId)).toEqual([WELCOME, 'Late'])
  expect(await invocationsOf(live, conversationId)).toHaveLength(1)
})
