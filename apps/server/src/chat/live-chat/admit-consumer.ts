import { timingSafeEqual } from 'node:crypto'
import { ParleyError } from '#base/kernel'
import type { ChatDeps } from './deps.ts'
import { findChat, type StoredChat } from './repository.ts'
import { hashToken } from './start-chat.ts'

/** The chat that a consumer's token belongs to. A chat that does not exist is answered like a wrong token. */
export async function admitConsumer(
  { store }: Pick<ChatDeps, 'store'>,
  accountId: string,
  chatId: string,
  token: string | undefined,
): Promise<StoredChat> {
  const found = token === undefined ? undefined : await findChat(store.db, accountId, chatId)
  if (token !== undefined && found && isTokenOf(found, token)) return found
  throw new ParleyError('unauthorized', 'The token of the chat is missing or wrong')
}

function isTokenOf({ state }: StoredChat, token: string): boolean {
  return timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(state.tokenHash))
}

export function bearerOf(headers: { authorization?: string | undefined }): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
}
