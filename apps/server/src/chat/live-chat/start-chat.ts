import { hash } from 'node:crypto'
import type * as z from 'zod'
import { type startConsumerChat, withVisit } from '@parley/contract'
import { ParleyError, uuidOf } from '#base/kernel'
import { commitNewChat, draftOf } from './change-chat.ts'
import type { ChatDeps } from './deps.ts'
import { countWaiting, findChat } from './repository.ts'
import type { ChatState } from './state.ts'
import { addMessage } from './write-message.ts'

/** `text` is the first message. */
type StartChatRequest = z.infer<typeof startConsumerChat.body>

const CONSUMER_NAME = 'Visitor'
const TOKEN_BYTES = 32

/**
 * A new chat waits in the queue of its skill. The token is answered once: only its hash is stored. A client that has made it
 * itself gets the same chat for it again.
 */
export async function startChat(
  deps: ChatDeps,
  accountId: string,
  { token: own, ...request }: StartChatRequest,
  address: string,
): Promise<{ token: string; state: ChatState }> {
  const token = own ?? deps.ids.token(TOKEN_BYTES)
  const ids = { chatId: uuidOf(`chat ${accountId} ${token}`), tokenHash: hashToken(token) }
  const earlier = own && (await findChat(deps.store.db, accountId, ids.chatId))
  const state = earlier ? earlier.state : await queueChat(deps, accountId, ids, request, address)
  return { token, state }
}

/** Resolves with what is stored: of two starts with one token at once the second gets the first one's chat. */
async function queueChat(
  deps: ChatDeps,
  accountId: string,
  ids: Pick<ChatState, 'chatId' | 'tokenHash'>,
  { skillId, name = CONSUMER_NAME, email, text, context, campaignInfo }: StartChatRequest,
  address: string,
): Promise<ChatState> {
  const { chat: settings } = await deps.settings.get(accountId)
  if (!settings.enabled) throw new ParleyError('chats_disabled', 'Live chat is switched off')
  const skill = await deps.accounts.skills.getNamed(accountId, 'body.skillId', skillId)
  deps.starts.take(accountId, address, settings.startsPerMinute)
  if ((await countWaiting(deps.store.db, accountId)) >= settings.mostWaiting) {
    throw new ParleyError('chat_queue_full', 'Too many chats are waiting', { retryAfterMs: 60_000 })
  }
  const at = deps.clock.now()
  const draft = draftOf(
    {
      ...ids,
      stage: 'waiting',
      skillId: skill.skillId,
      skillName: skill.name,
      consumer: { name, ...(email !== undefined && { email }) },
      // A client that says nothing of its visit is a visitor of its own.
      context: withVisit(context, {
        visitorId: deps.ids.token(16),
        sessionId: deps.ids.token(16),
      }),
      ...(campaignInfo && { campaignInfo }),
      startedAt: at,
      waitingSince: at,
      agents: [],
      managers: [],
      nextSequence: 0,
      characters: 0,
    },
    at,
  )
  if (text !== undefined) addMessage(draft, { by: 'CONSUMER', name, text })
  return await commitNewChat(deps, accountId, draft)
}

export function hashToken(token: string): string {
  return hash('sha256', token)
}
