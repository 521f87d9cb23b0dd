import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type ConsumerSocket, openConsumerSocket, startTestServer } from '#testing'
import { botOf, givenBot, starterStep, textStep } from './builder-bots.fixture.ts'

const COUNTING = botOf([
  starterStep('count', 'counted'),
  textStep('counted', 'Visit {n}', {
    preProcessMessage: `botContext.setBotVariable('n', Number(botContext.getBotVariable('n')) + 1, true, true)`,
  }),
])

async function counted(consumer: ConsumerSocket, conversationId: string) {
  return (await consumer.message(conversationId, ({ text }) => text?.startsWith('Visit ') === true))
    .text
}

test('a first turn that is taken again counts once what it keeps of the consumer for ever', async () => {
  await using server = await startTestServer()
  const { skillId } = await givenBot(server, COUNTING)
  const { db } = server.context.store
  await sql`create function refuse_for_test() returns trigger language plpgsql as
    ${sql.lit(`begin raise exception 'refused for the test'; end`)}`.execute(db)
  await sql`create trigger refuse_for_test before insert on message for each row
    when (new.body::text like '%Visit %') execute function refuse_for_test()`.execute(db)
  await using consumer = await openConsumerSocket(server)
  const first = await consumer.openConversation({ skillId })

  await consumer.say(first, 'count')
  await server.clock.advance(0)
  await sql`drop trigger refuse_for_test on message`.execute(db)
  await server.clock.advance(10_000)
  expect(await counted(consumer, first)).toBe('Visit 1')

  const conversationField = [{ field: 'ConversationStateField', conversationState: 'CLOSE' }]
  await consumer.request('cm.UpdateConversationField', { conversationId: first, conversationField })
  const second = await consumer.openConversation({ skillId })
  await consumer.say(second, 'count')
  expect(await counted(consumer, second)).toBe('Visit 2')
})
