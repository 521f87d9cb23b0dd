import type { Conversation, TimedEvent } from './conversation-util.ts'
import { messageOf } from './errors.ts'
import { given } from './given.ts'
import { brandId } from './host.ts'
import type { LpClient } from './lp-client.ts'
import { pathSegment } from './path-segment.ts'

/** The published SDE utility (`ToolbeltDocumentation/sde-util.md`). */
export function createSdeUtil(lpClient: LpClient) {
  return {
    async addSDEs(sdes: object[], visitorId: string, sessionId: string): Promise<void> {
      if (!Array.isArray(sdes) || sdes.length === 0) {
        throw new Error('Please provide one or more SDEs')
      }
      try {
        const query = `v=1&sid=${encodeURIComponent(given('sessionId', sessionId))}`
        const visitor = pathSegment('visitorId', given('visitorId', visitorId))
        const visit = `visitors/${visitor}/visits/current/events`
        await lpClient('smt', `/api/account/${brandId()}/monitoring/${visit}?${query}`, {
          method: 'PUT',
          json: true,
          body: sdes,
        })
      } catch (error) {
        throw new Error(`Error while setting SDEs: ${messageOf(error)}`, { cause: error })
      }
    },

    getSDEsFromConv(conversation: Conversation) {
      const record = conversation?.conversationHistoryRecords?.[0]
      if (!record) {
        throw new Error(
          'Error while getting SDEs from conversation: Please provide a valid conversation.',
        )
      }
      return { sdes: inOrder(record.sdes), unAuthSdes: inOrder(record.unAuthSdes) }
    },
  }
}

function inOrder(sdes: { events?: TimedEvent[] } | undefined): { events: TimedEvent[] } {
  const events = sdes?.events ?? []
  return {
    events: events.toSorted((a, b) => (a.serverTimeStamp ?? 0) - (b.serverTimeStamp ?? 0)),
  }
}
