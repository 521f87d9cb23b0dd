import { expect, test } from 'vitest'
import { call, givenFunction, openConsumerSocket, startHttpSite, startTestServer } from '#testing'
import { invocationsOf } from './controller-bot.fixture.ts'
import { LATE_CONSUMER } from './late-answers.ts'
import { automatic } from './scene.fixture.ts'

test('what a function answers after the Controller Bot was switched off is not done, and no default message is sent for it', async () => {
  const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await using outside = await startHttpSite((_, response) => {
    asked.resolve()
    void answered.promise.then(() => response.end())
  })
  await using server = await startTestServer({
    clock: 'system',
    env: { PARLEY_EGRESS_PRIVATE: outside.host },
  })
  await givenFunction(
    server,
    'controllerbot_messaging_new_conversation',
    `await (await fetch('${outside.origin}')).text()
     callback(null, [
       { type: 'systemMessage', text: 'Hi' },
       { type: 'transfer', skillId: '1002' },
       { type: 'closeConversation' },
     ])`,
  )
  await using consumer = await openConsumerSocket(server)
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await asked.promise
  await call(server, 'PATCH', 'settings', { controllerBotEnabled: false })

  // The default message would have gone out by now.
  const rows = server.context.store.db.selectFrom('outbox').select('consumer')
  await expect
    .poll(() => rows.where('lane', '=', conversationId).execute())
    .toEqual([{ consumer: LATE_CONSUMER }])
  answered.resolve()

  const reason = 'The Controller Bot is switched off'
  await expect
    .poll(async () => (await invocationsOf(server, conversationId)).map(({ commands }) => commands))
    .toEqual([
      [
        { type: 'systemMessage', applied: false, reason },
        { type: 'transfer', applied: false, reason },
        { type: 'closeConversation', applied: false, reason },
      ],
    ])
  expect(await automatic(consumer, conversationId)).toEqual([])
  expect(consumer.details(conversationId)).toMatchObject({ skillId: '1001', state: 'OPEN' })
})
