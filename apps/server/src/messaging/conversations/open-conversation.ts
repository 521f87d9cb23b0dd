import {
  type CampaignInfo,
  type ClientProperties,
  type ConversationContext,
  type ConversationState,
  NO_SKILL,
  type Ttr,
  type Visit,
  withVisit,
} from '@parley/contract'
import { uuidOf } from '#base/kernel'
import { retryStale } from '#base/kit'
import * as rules from '#messaging/rules'
import { delayOf, isOffHours, requireSkill } from './account-lookups.ts'
import { commitDecision } from './commit-decision.ts'
import type { WriteDeps } from './deps.ts'

export interface OpenRequest {
  consumerId: string
  authenticated: boolean
  skillId?: string | undefined
  ttrType?: Ttr['ttrType'] | undefined
  context?: ConversationContext | undefined
  clientProperties?: ClientProperties | undefined
  campaignInfo?: CampaignInfo | undefined
  clientIp?: string | undefined
  /** The application that opens it for the consumer. */
  connectorId?: string | undefined
}

/** @throws ParleyError `consumer_has_conversation` while the consumer has an open one */
export async function openConversation(
  deps: WriteDeps,
  accountId: string,
  request: OpenRequest,
): Promise<ConversationState> {
  const { accounts, settings, clock, documents, ids, queue } = deps
  const conversationId = ids.uuid()
  const skillId = request.skillId ?? NO_SKILL
  await requireSkill(accounts, accountId, skillId)
  const { messaging } = await settings.get(accountId)
  const { userId, pid } = accounts.controllerBot(accountId)
  // Published requests name CUSTOM, and have no member for its time.
  const { ttrType = 'NORMAL' } = request
  const ttr = rules.ttrOf(messaging.ttr, { ttrType, value: messaging.ttr.NORMAL })
  const given = visit(ids, accountId, request.consumerId)

  return await queue.run(`${accountId}/${conversationId}`, () =>
    retryStale(deps, `Consumer "${request.consumerId}"`, async (mayBeStale) => {
      const at = clock.now()
      const record = await documents.findOrNew('consumer', accountId, request.consumerId)
      const decision = rules.openConversation(at, {
        ...request,
        context: withVisit(request.context, given),
        conversationId,
        skillId,
        ttr,
        offHours: await isOffHours(accounts, accountId, skillId, at),
        delay: await delayOf(deps, accountId, skillId, at),
        controller: { userId, pid },
        firstConversation: record.state.conversations === 0,
        previous: record.state.previous,
      })
      const { clientIp } = request
      const options = { mayBeStale, clientIp }
      const status = await commitDecision(deps, accountId, undefined, decision, options)
      return status === 'applied' ? decision.state : 'stale'
    }),
  )
}

/** The ids of a visit that the consumer's client does not name: one visitor for each consumer, a session for each conversation. */
function visit(ids: WriteDeps['ids'], accountId: string, consumerId: string): Visit {
  const visitor = Buffer.from(
    uuidOf(`visitor ${accountId} ${consumerId}`).replaceAll('-', ''),
    'hex',
  )
  return { visitorId: visitor.toString('base64url'), sessionId: ids.token(16) }
}
