import { TranscriptDecision } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import { DECISION } from './decision-kind.ts'
import type { TranscriptRoom } from './deps.ts'
import { renderChat } from './rendering.ts'

export async function readTranscript(
  { store, readChat }: TranscriptRoom,
  accountId: string,
  chatId: string,
) {
  const chat = await readChat(accountId, chatId)
  if (!chat) throw new ParleyError('chat_not_found', `There is no chat "${chatId}"`)
  const decision = await findDecision(store.db, accountId, chatId)
  return { ...renderChat(chat), ...(decision && { decision }) }
}

async function findDecision(
  db: Db,
  accountId: string,
  chatId: string,
): Promise<TranscriptDecision | undefined> {
  const row = await db
    .selectFrom('document')
    .select('state')
    .where('accountId', '=', accountId)
    .where('kind', '=', DECISION)
    .where('id', '=', chatId)
    .executeTakeFirst()
  return row && TranscriptDecision.parse(row.state)
}
