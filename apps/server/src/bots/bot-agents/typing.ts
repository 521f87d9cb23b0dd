import * as z from 'zod'
import { changeDocument, findDocument } from '#base/kit'
import type { Db } from '#base/store'
import type { BotAgentsDeps } from './deps.ts'
import { TYPING } from './session.ts'
import { type ConversationRef, wakeRow } from './wake.ts'

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

/** The consumer of a bot has typed. A bot that combines messages waits for one who goes on typing after a message. */
export async function noteTyping(
  deps: BotAgentsDeps,
  accountId: string,
  userId: string,
  of: ConversationRef,
): Promise<void> {
  const bot = await deps.directory.find(accountId, { userId })
  if (!bot?.settings.combine) return
  const id = of.conversationId
  const typing = { kind: TYPING, id, schema: Typing, name: 'Typing of a consumer' }
  await changeDocument(deps, accountId, typing, () => ({
    state: { at: deps.clock.now() },
    outbox: [wakeRow(of)],
  }))
}
