import { isDeepStrictEqual } from 'node:util'
import type { StoredMessage } from '@parley/contract'
import {
  type Actor,
  changeDelay,
  type Decision,
  isContent,
  type Publication,
  publishMessage,
} from '#messaging/rules'
import { joined, ParleyError } from '#base/kernel'
import { delayOf } from './account-lookups.ts'
import { changeConversation } from './change-conversation.ts'
import type { WriteDeps } from './deps.ts'

/** Some clients count their requests anew on every socket: such an id stands for the same message only this long. */
const COUNTED_ID_HOLDS_MS = 120_000
/** Ids that are made up have more characters. */
const MAX_COUNTED_CHARACTERS = 15

/** A publication of a client, with the conversation that it is for. */
export interface ClientPublication extends Publication {
  conversationId: string
  /** The client's id of its request: sent again after a lost connection, the message is stored once. */
  requestId?: string | undefined
  /** The client has no socket: many name all their requests alike. */
  isRelayed?: boolean | undefined
}

/** Stores a publication as a message. Resolves once that is committed. */
export async function publish(
  deps: WriteDeps,
  accountId: string,
  actor: Actor,
  publication: ClientPublication,
): Promise<{ sequence: number }> {
  const { conversationId, requestId, isRelayed, ...content } = publication
  const requestKey =
    requestId === undefined ? undefined : joined(actor.pid, publication.dialogId, requestId)
  const storedBefore = async () => {
    if (requestKey === undefined) return undefined
    const stored = await deps.reading.findMessageByKey(accountId, requestKey)
    if (!stored || !isSame(stored, publication, deps.clock.now())) return undefined
    return isRelayed && (await isOvertaken(deps, accountId, publication, stored))
      ? undefined
      : stored
  }
  try {
    const outcome = await changeConversation(
      deps,
      accountId,
      conversationId,
      async (decision) => {
        if (actor.kind === 'consumer' && isContent(content)) {
          await noteDelay(deps, accountId, decision)
        }
        return publishMessage(decision, actor, content)
      },
      { requestKey, clientIp: actor.clientIp, clientProperties: actor.clientProperties },
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
  return await publish(deps, accountId, actor, { ...publication, requestId: undefined })
}

/** A message that comes while the contact centre is closed is answered when it opens. */
async function noteDelay(
  { accounts }: WriteDeps,
  accountId: string,
  decision: Decision,
): Promise<void> {
  const { state, at } = decision
  changeDelay(decision, await delayOf({ accounts }, accountId, state.skillId, at))
}

/** Whether others have spoken since a message whose id may stand for all messages of its client: then it is said once more. */
async function isOvertaken(
  { documents }: WriteDeps,
  accountId: string,
  { conversationId, requestId = '', ...content }: ClientPublication,
  { dialogId, sequence, at }: StoredMessage,
): Promise<boolean> {
  if (requestId.length > MAX_COUNTED_CHARACTERS || !isContent(content)) return false
  const known = await documents.find('conversation', accountId, conversationId)
  const { lastContent: last, lastAgentMessageAt = 0 } = known?.state ?? {}
  if (!last || (last.dialogId === dialogId && last.sequence === sequence)) return false
  // An automatic message may have followed before the answer was lost.
  return last.originator.role !== 'CONTROLLER' || lastAgentMessageAt >= at
}

/** A number, or a word with or without one, such as `req-7`: it comes again on the client's next socket. What chance has made does not. */
function isCounted(requestId: string): boolean {
  if (/^\d+$/.test(requestId)) return true
  return requestId.length <= MAX_COUNTED_CHARACTERS && /^[a-z]+[-_.:]?\d*$/i.test(requestId)
}

function isSame(
  stored: StoredMessage,
  { event, audience = 'ALL', metadata, encodedMetadata, requestId }: ClientPublication,
  now: number,
): boolean {
  if (isCounted(requestId ?? '') && now - stored.at > COUNTED_ID_HOLDS_MS) return false
  if (stored.audience !== audience || stored.encodedMetadata !== encodedMetadata) return false
  return isDeepStrictEqual([stored.event, stored.metadata], [event, metadata])
}
