import { isDeepStrictEqual } from 'node:util'
import type { StoredMessage } from '@parley/contract'
import type { Actor } from './actor.ts'
import type { Deps } from './deps.ts'
import { publishMessage, type Publication } from './publish-message.ts'
import { findMessageByKey } from './repository.ts'
import { writeConversation } from './write.ts'

export interface PublishRequest extends Publication {
  conversationId: string
  /** The client's id of its request, in a scope of its own: sent again after a lost connection, it is stored once. */
  requestKey?: string | undefined
}

/** Resolves once the message is stored. */
export async function publish(
  deps: Deps,
  accountId: string,
  actor: Actor,
  request: PublishRequest,
): Promise<{ sequence: number }> {
  const { conversationId, requestKey, ...publication } = request
  const outcome = await writeConversation(
    deps,
    accountId,
    conversationId,
    (draft) => publishMessage(draft, actor, publication),
    { requestKey, clientIp: actor.clientIp },
  )
  if (outcome.status === 'applied') return { sequence: outcome.answer.sequence }
  const stored = await findMessageByKey(deps.store.db, accountId, requestKey ?? '')
  if (stored && isSame(stored, request)) return { sequence: stored.sequence }
  // Another message under an id that was used before: clients that count their requests begin anew when they reconnect.
  return await publish(deps, accountId, actor, { ...request, requestKey: undefined })
}

function isSame(stored: StoredMessage, request: PublishRequest): boolean {
  const { dialogId, event } = request
  return stored.dialogId === dialogId && isDeepStrictEqual(stored.event, event)
}
