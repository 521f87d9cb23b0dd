import { isDeepStrictEqual } from 'node:util'
import type { StoredMessage } from '@parley/contract'
import { type Actor, type Draft, type Publication, publishMessage } from '#messaging/rules'
import { ParleyError } from '#base/kernel'
import { delayOf } from './account-lookups.ts'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'

/** Some clients count their requests anew on every socket: such an id stands for the same message only this long. */
const COUNTED_ID_HOLDS_MS = 120_000

export interface PublishRequest extends Publication {
  conversationId: string
  /** The client's id of its request: sent again after a lost connection, the message is stored once. */
  requestId?: string | undefined
}

/** Resolves once the message is stored. */
export async function publish(
  deps: WriteDeps,
  accountId: string,
  actor: Actor,
  request: PublishRequest,
): Promise<{ sequence: number }> {
  const { conversationId, requestId, ...publication } = request
  const requestKey =
    requestId === undefined ? undefined : `${actor.pid}/${request.dialogId}/${requestId}`
  const storedBefore = async () => {
    if (requestKey === undefined) return undefined
    const stored = await deps.reading.findMessageByKey(accountId, requestKey)
    return stored && isSame(stored, request, deps.clock.now()) ? stored : undefined
  }
  try {
    const outcome = await changeConversation(
      deps,
      accountId,
      conversationId,
      async (draft) => {
        if (actor.kind === 'consumer') await noteDelay(deps, accountId, draft)
        return publishMessage(draft, actor, publication)
      },
      { requestKey, clientIp: actor.clientIp },
    )
    if (outcome.status === 'applied') return { sequence: outcome.answer.sequence }
  } catch (error) {
    // The message may have been stored before the dialog was closed: then only the answer was lost.
    const stored = error instanceof ParleyError ? await storedBefore() : undefined
    if (stored) return { sequence: stored.sequence }
    throw error
  }
  const stored = await storedBefore()
  if (stored) return { sequence: stored.sequence }
  return await publish(deps, accountId, actor, { ...request, requestId: undefined })
}

/** A message that comes while the contact centre is closed is answered when it opens. */
async function noteDelay(
  { accounts }: WriteDeps,
  accountId: string,
  { state, at }: Draft,
): Promise<void> {
  const delay = await delayOf(accounts, accountId, state.skillId, at)
  if (delay) state.delay = delay
  else delete state.delay
}

function isSame(stored: StoredMessage, { event, requestId }: PublishRequest, now: number): boolean {
  const isCounted = /^\d+$/.test(requestId ?? '')
  if (isCounted && now - stored.at > COUNTED_ID_HOLDS_MS) return false
  return isDeepStrictEqual(stored.event, event)
}
