import {
  type Agent,
  call,
  type Consumer,
  type Door,
  type Line,
  login,
  openAgent,
  openConsumer,
  type Session,
} from '@parley/client'
import { createFunction, deleteFunction, deployFunction, undeployFunction } from '@parley/contract'
import type { Connection } from '../connection.ts'
import { findRecord } from './record.ts'
import { invocationScene, opening, speech } from './scenes.ts'
import type { Stage } from './stage.ts'

const EVENT = 'controllerbot_messaging_new_conversation'

interface DemoFunction extends AsyncDisposable {
  functionId: string
  name: string
}

/** A function that is there while the demo plays. */
async function deployDemoFunction(
  session: Session,
  code: string,
  skillId: string,
): Promise<DemoFunction> {
  const name = `parley_demo_${crypto.randomUUID().slice(0, 8)}`
  const { functionId } = await call(session, createFunction, {
    body: { name, description: 'Made by npm run demo', eventId: EVENT, skills: [skillId], code },
  })
  const params = { functionId }
  try {
    await call(session, deployFunction, { params })
  } catch (error) {
    await call(session, deleteFunction, { params })
    throw error
  }
  return {
    functionId,
    name,
    async [Symbol.asyncDispose]() {
      await call(session, undeployFunction, { params })
      await call(session, deleteFunction, { params })
    },
  }
}

/** Keeps the lines that come in, and resolves as soon as one of this role is among them. */
function hearLines(consumer: Consumer) {
  const lines: (Line & { heardAt: number })[] = []
  const waiting = new Map<string, (line: Line & { heardAt: number }) => void>()
  consumer.onLine((line) => {
    const heard = { ...line, heardAt: performance.now() }
    lines.push(heard)
    waiting.get(line.role)?.(heard)
  })
  return async (role: string) =>
    lines.find((line) => line.role === role) ??
    (await new Promise<Line & { heardAt: number }>((resolve) => waiting.set(role, resolve)))
}

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
  const lineOf = hearLines(consumer)
  const openedAt = Date.now()
  const startedAt = performance.now()
  const conversationId = await consumer.openConversation(skillId)
  await consumer.say(conversationId, text)
  const acknowledgedMs = performance.now() - startedAt
  const answer = await lineOf('CONTROLLER')
  const said = await lineOf('CONSUMER')
  const record = await findRecord(session, { conversationId, functionId })
  // The function has often answered the opening before the first message is there.
  const heard = [said, answer].sort((a, b) => a.sequence - b.sequence)
  stage.show(
    [...opening(openedAt), ...heard.flatMap((line) => [{ text: '' }, ...speech(line)])],
    invocationScene(record, { acknowledgedMs, answeredMs: answer.heardAt - startedAt }),
  )

  await agent.accept(conversationId)
  const history = await agentHistory(agent, conversationId)
  await agent.socket.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello, how can I help?' },
  })
  const reply = await lineOf('ASSIGNED_AGENT')
  stage.show(speech(reply), [
    { text: 'THE AGENT', tone: 'strong' },
    { text: `accepted the ring, found ${history.length} messages in the history, answered` },
  ])
  await consumer.close(conversationId)
}

/** One conversation, start to end, over public sockets and HTTP only. What it makes, it removes. */
export async function playDemo(
  { connection, stage }: { connection: Connection; stage: Stage },
  { code, text }: { code: string; text: string },
): Promise<void> {
  const { skillId } = connection
  const door: Door = connection.door
  const session = await login(door, connection.admin)
  await using demoFunction = await deployDemoFunction(session, code, skillId)
  stage.title(
    `Parley at ${door.url}, account ${door.accountId}, function ${demoFunction.name} deployed for Messaging New Conversation`,
  )
  using agent = await openAgent(door, connection.agent)
  using consumer = await openConsumer(door)
  await converse(
    { session, consumer, agent, stage },
    { text, skillId, functionId: demoFunction.functionId },
  )
  stage.note(
    `The conversation is closed and ${demoFunction.name} is removed. Change the function and play again: npm run demo -- --code my-function.js`,
  )
}
