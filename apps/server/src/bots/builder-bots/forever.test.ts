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

/** What the bot counts in a new conversation. */
async function visit(consumer: ConsumerSocket, skillId: string, meanwhile?: () => Promise<void>) {
  const conversationId = await consumer.openConversation({ skillId })
  await consumer.say(conversationId, 'count')
  await meanwhile?.()
  const isCount = ({ text }: { text?: string | undefined }) => text?.startsWith('Visit ') === true
  const { text } = await consumer.message(conversationId, isCount)
  const conversationField = [{ field: 'ConversationStateField', conversationState: 'CLOSE' }]
  await consumer.request('cm.UpdateConversationField', { conversationId, conversationField })
  return text
}

test.each([
  ['its messages cannot be stored at first', 'message', `when (new.body::text like '%Visit %')`],
  ['the context store cannot be written at first', 'context_property', ''],
])('a bot counts the visits of a consumer, though %s', async (_, table, when) => {
  await using server = await startTestServer()
  const { skillId } = await givenBot(server, COUNTING)
  const { db } = server.context.store
  await using consumer = await openConsumerSocket(server)
  // As when the database has too little memory for a moment.
  const refusal = `begin raise exception 'refused for the test' using errcode = '53200'; end`
  await sql`create function refuse_for_test() returns trigger language plpgsql as
    ${sql.lit(refusal)}`.execute(db)
  await sql`create trigger refuse_for_test before insert on ${sql.table(table)} for each row
    ${sql.raw(when)} execute function refuse_for_test()`.execute(db)

  const first = await visit(consumer, skillId, async () => {
    await server.clock.advance(0)
    await sql`drop trigger refuse_for_test on ${sql.table(table)}`.execute(db)
    await server.clock.advance(10_000)
  })

  expect([first, await visit(consumer, skillId)]).toEqual(['Visit 1', 'Visit 2'])
})
