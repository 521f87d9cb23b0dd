import { z } from 'zod'
import { changeDocument, findDocument } from '#base/kit'
import type { ChatState } from '#messaging/reading'
import type { Db } from '#base/store'
import type { BotAgentsDeps } from './deps.ts'
import { TYPING } from './session.ts'
import { wakeRow } from './wake.ts'

const Typing = z.object({ at: z.number() })

/** When the consumer was last seen typing, where its bot combines messages. */
export async function findTypedAt(
  db: Db,
  accountId: string,
  conversationId: string,
): Promise<number | undefined> {
  const found = await findDocument(db, accountId, TYPING, conversationId)
  return found && Typing.parse(found.state).at
}

/** A bot that combines messages waits for a consumer who goes on typing after a message. */
export async function noteTyping(
  deps: BotAgentsDeps,
  { accountId, conversationId, originator, event }: ChatState,
): Promise<void> {
  if (originator.role !== 'CONSUMER' || event.chatState !== 'COMPOSING') return
  const state = deps.reading.documents.peek(accountId, conversationId)?.state
  if (!state?.servedByBot || state.unansweredSince === undefined) return
  const userId = state.assignedAgentId
  const bot = userId === undefined ? undefined : await deps.directory.find(accountId, { userId })
  if (!bot?.settings.combine) return
  const typing = { kind: TYPING, id: conversationId, schema: Typing, name: 'Typing of a consumer' }
  await changeDocument(deps, accountId, typing, () => ({
    state: { at: deps.clock.now() },
    outbox: [wakeRow(conversationId)],
  }))
}
