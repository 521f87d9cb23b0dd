import { setTimeout as sleep } from 'node:timers/promises'
import { call, openConsumer, type Session } from '@parley/client'
import { listLogs } from '@parley/contract'
import type { Connection } from '../connection.ts'
import { logLines } from '../log-lines.ts'
import { collectMessages } from './collect-messages.ts'
import { demoVisit } from './demo-visit.ts'
import type { Text } from './columns.ts'
import { openDemoThings } from './demo-things.ts'
import { findRecord } from './record.ts'
import { answerTexts, opening, speech, timingTexts } from './scenes.ts'
import type { Stage } from './stage.ts'

const EVENT = 'controllerbot_messaging_new_conversation'
/** For the message of a function that has run: whether it has said something, or only the server may for it. */
const MESSAGE_PATIENCE_MS = { said: 60_000, silent: 3_000 }

export interface OwnFunction {
  /** Of the file, for the title. */
  file: string
  code: string
  /** Absent when the source itself tells. */
  language: 'typescript' | undefined
}

/** One conversation that the given function answers: its log, its answer and its commands, and nothing else. */
export async function playOwn(
  { connection, session, stage }: { connection: Connection; session: Session; stage: Stage },
  { file, code, language }: OwnFunction,
  text: string,
): Promise<void> {
  const { endpoint, skillId } = connection
  await using around = openDemoThings(session)
  const functionId = await around.deployFunction({
    name: `parley_demo_${crypto.randomUUID().slice(0, 8)}`,
    eventId: EVENT,
    skills: [skillId],
    code,
    ...(language && { language }),
  })
  stage.title(`${file} answers a conversation at ${endpoint.url}, account ${endpoint.accountId}`)
  using consumer = await openConsumer(endpoint, { visit: demoVisit() })
  const firstMessage = collectMessages(consumer)
  const openedAt = Date.now()
  const startedAt = performance.now()
  const conversationId = await consumer.openConversation(skillId)
  await consumer.say(conversationId, text)
  const acknowledgedMs = performance.now() - startedAt
  const said = await firstMessage(({ role }) => role === 'CONSUMER')
  const record = await findRecord(session, { conversationId, functionId })
  const hasSaid = record.commands.some(({ applied, type }) => applied && type === 'systemMessage')
  const answer = await Promise.race([
    firstMessage(({ role }) => role === 'CONTROLLER'),
    sleep(MESSAGE_PATIENCE_MS[hasSaid ? 'said' : 'silent'], undefined, { ref: false }),
  ])
  const { entries } = await call(session, listLogs, { query: { functionId, conversationId } })
  const log: Text[] = entries.toReversed().flatMap((entry) =>
    logLines(entry).map((line): Text => ({
      // On the server the source has no name.
      text: line.replaceAll(/\bindex\.[jt]s(?=:\d)/g, file),
      tone: entry.level === 'Info' ? 'plain' : 'bad',
    })),
  )
  const received = [said, ...(answer ? [answer] : [])].sort((a, b) => a.sequence - b.sequence)
  stage.show(
    [...opening(openedAt), ...received.flatMap((message) => [{ text: '' }, ...speech(message)])],
    [
      { text: 'LOG', tone: 'strong' },
      ...(log.length > 0 ? log : [{ text: 'nothing' }]),
      { text: '' },
      ...answerTexts(record),
      { text: '' },
      ...timingTexts(record, {
        acknowledgedMs,
        answeredMs: answer ? answer.receivedAt - startedAt : undefined,
      }),
    ],
  )
  await consumer.close(conversationId)
}
