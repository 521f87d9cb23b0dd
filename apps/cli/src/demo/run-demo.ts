import { type Agent, type Consumer, openAgent, openConsumer, type Session } from '@parley/client'
import type { Connection } from '../connection.ts'
import { runDay } from './run-day.ts'
import { collectMessages } from './collect-messages.ts'
import { demoVisit } from './demo-visit.ts'
import { removeLeftovers } from './leftovers.ts'
import { findRecord } from './record.ts'
import { invocationScene, opening, speech } from './scenes.ts'
import type { Stage } from './stage.ts'
import { openDemoThings } from './demo-things.ts'
import { accepted } from './accepted.ts'
import { type OwnFunction, playOwn } from './play-own.ts'

const EVENT = 'controllerbot_messaging_new_conversation'

async function agentHistory(agent: Agent, conversationId: string): Promise<unknown[]> {
  const history = await agent.socket.request('.ams.ms.QueryMessages', {
    dialogId: conversationId,
    newerThanSequence: 0,
  })
  return Array.isArray(history) ? history : []
}

async function converse(
  {
    session,
    consumer,
    agent,
    stage,
  }: { session: Session; consumer: Consumer; agent: Agent; stage: Stage },
  { text, skillId, functionId }: { text: string; skillId: string; functionId: string },
): Promise<void> {
  const firstMessage = collectMessages(consumer)
  const messageOf = (wanted: string) => firstMessage(({ role }) => role === wanted)
  const openedAt = Date.now()
  const startedAt = performance.now()
  const conversationId = await consumer.openConversation(skillId)
  await consumer.say(conversationId, text)
  const acknowledgedMs = performance.now() - startedAt
  const answer = await messageOf('CONTROLLER')
  const said = await messageOf('CONSUMER')
  const record = await findRecord(session, { conversationId, functionId })
  // The function has often answered the opening before the first message is there.
  const received = [said, answer].sort((a, b) => a.sequence - b.sequence)
  stage.show(
    [...opening(openedAt), ...received.flatMap((message) => [{ text: '' }, ...speech(message)])],
    invocationScene(record, { acknowledgedMs, answeredMs: answer.receivedAt - startedAt }),
  )

  await accepted(agent, conversationId)
  const history = await agentHistory(agent, conversationId)
  await agent.socket.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello, how can I help?' },
  })
  const reply = await messageOf('ASSIGNED_AGENT')
  stage.show(speech(reply), [
    { text: 'THE AGENT', tone: 'strong' },
    { text: `accepted the ring, found ${history.length} messages in the history, answered` },
  ])
  await consumer.close(conversationId)
}

const AGAIN = 'Change it and play again. What was made is removed.'

/**
 * One conversation in every detail, then a day of six events; or, with a function of the caller's own, one conversation that
 * it answers. Uses public sockets and HTTP only. What it makes, it removes.
 */
export async function runDemo(
  { connection, session, stage }: { connection: Connection; session: Session; stage: Stage },
  { code, own, text }: { code: string; own: OwnFunction | undefined; text: string },
): Promise<void> {
  const { skillId, endpoint } = connection
  await removeLeftovers(session)
  if (own) {
    await playOwn({ connection, session, stage }, own, text)
    stage.note(AGAIN)
    return
  }
  const name = `parley_demo_${crypto.randomUUID().slice(0, 8)}`
  {
    await using around = openDemoThings(session)
    const functionId = await around.deployFunction({
      name,
      eventId: EVENT,
      skills: [skillId],
      code,
    })
    stage.title(
      `Parley at ${endpoint.url}, account ${endpoint.accountId}, function ${name} deployed for Messaging New Conversation`,
    )
    using agent = await openAgent(endpoint, connection.agent)
    using consumer = await openConsumer(endpoint, { visit: demoVisit() })
    await converse({ session, consumer, agent, stage }, { text, skillId, functionId })
  }
  stage.title('A day in the life: the same function code, deployed for six events')
  await runDay({ connection, stage, session })
  stage.note(
    `The conversations are closed and what was made is removed. Change the function and play again: npm run demo -- --code my-function.js`,
  )
}
