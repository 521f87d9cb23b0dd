import { type DialogMessage, openConsumer, request, type Session } from '@parley/client'
import * as z from 'zod'
import { eventually } from '../live/eventually.ts'
import type { Acknowledged } from './ledger.ts'

/** The function's message names its conversation, so a default message is never taken for it. */
export const ANSWER = 'answered'

function functionMessages(lines: Iterable<DialogMessage>, conversationId: string): DialogMessage[] {
  return [...lines].filter(
    ({ role, text }) => role === 'CONTROLLER' && text === `${ANSWER} ${conversationId}`,
  )
}

/** What is in the stored history of one conversation, read by its consumer. */
async function readHistory(session: Session, entry: Acknowledged): Promise<DialogMessage[]> {
  const lines = new Map<number, DialogMessage>()
  using consumer = await openConsumer(session, { jwt: entry.jwt })
  consumer.onMessage((line) => lines.set(line.sequence, line))
  await consumer.follow(entry.conversationId)
  await eventually(
    `The function's message in ${entry.conversationId}`,
    () => functionMessages(lines.values(), entry.conversationId).length > 0 || undefined,
  )
  return [...lines.values()]
}

/** Why one conversation is not as it was acknowledged; empty when it is. */
export async function complaintsAbout(session: Session, entry: Acknowledged): Promise<string[]> {
  const { conversationId, message } = entry
  let lines: DialogMessage[]
  try {
    lines = await readHistory(session, entry)
  } catch (error) {
    return [`${conversationId}: ${error instanceof Error ? error.message : String(error)}`]
  }
  const answers = functionMessages(lines, conversationId)
  const controller = lines.filter(({ role }) => role === 'CONTROLLER')
  return [
    ...(!message ||
    lines.some(({ sequence, text }) => sequence === message.sequence && text === message.text)
      ? []
      : [`${conversationId}: the acknowledged message ${JSON.stringify(message)} is lost`]),
    ...(answers.length === 1 && controller.length === 1
      ? []
      : [
          `${conversationId}: ${answers.length} of ${controller.length} bot messages are the function's, not 1 of 1`,
        ]),
  ]
}

const Records = z.looseObject({ invocations: z.array(z.looseObject({ attempt: z.number() })) })

/** Whether the function ran again for this conversation, because a kill had interrupted it. */
export async function wasInterrupted(session: Session, conversationId: string): Promise<boolean> {
  const answer = await request(session.url, {
    method: 'GET',
    path: `/api/v1/accounts/${session.accountId}/invocations?conversationId=${conversationId}`,
    bearer: session.bearer,
  })
  return Records.parse(answer).invocations.some(({ attempt }) => attempt > 1)
}
