import { ParleyError } from '#base/kernel'
import type { TranscriptDeps } from './deps.ts'
import { renderChat } from './rendering.ts'
import { findDecision } from './repository.ts'

export async function readTranscript(deps: TranscriptDeps, accountId: string, chatId: string) {
  const chat = await deps.chatReader.read(accountId, chatId)
  if (!chat) throw new ParleyError('chat_not_found', `No chat "${chatId}"`)
  const decision = await findDecision(deps.store.db, accountId, chatId)
  return { ...(await renderChat(deps, accountId, chat)), ...(decision && { decision }) }
}
