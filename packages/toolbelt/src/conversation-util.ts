import { messageOf } from './errors.ts'
import { brandId } from './host.ts'
import type { LpClient } from './lp-client.ts'

interface HistoryMessage {
  type?: string
  timeL?: number
  sentBy?: string
  messageData?: {
    msg?: { text?: string }
    file?: { caption?: string; relativePath?: string }
  }
}

export interface Conversation {
  _metadata?: unknown
  conversationHistoryRecords: {
    messageRecords?: HistoryMessage[]
    sdes?: { events: TimedEvent[] }
    unAuthSdes?: { events: TimedEvent[] }
    [member: string]: unknown
  }[]
}

export interface TimedEvent {
  serverTimeStamp?: number
  [member: string]: unknown
}

/** The published conversation utility (`ToolbeltDocumentation/conversation-util.md`). */
export function createConversationUtil(lpClient: LpClient) {
  return {
    async getConversationById(
      conversationId: string,
      contentToRetrieve?: string[],
    ): Promise<Conversation> {
      if (!conversationId) throw new Error('Please provide a conversation ID.')
      const content = contentToRetrieve?.length ? { contentToRetrieve } : {}
      const path = `/messaging_history/api/account/${brandId()}/conversations/conversation/search?v=2`
      try {
        const found = (await lpClient('msgHist', path, {
          method: 'POST',
          json: true,
          body: { conversationId, ...content },
        })) as Conversation
        if (found.conversationHistoryRecords.length === 0) {
          throw new Error(`Conversation "${conversationId}" not found.`)
        }
        return found
      } catch (error) {
        throw new Error(
          `Error while fetching conversation "${conversationId}": ${messageOf(error)}`,
          { cause: error },
        )
      }
    },

    scanConversationForKeywords(conversation: Conversation, keywords: string[]) {
      if (!conversation) throw new Error('Please provide conversation object.')
      if (!Array.isArray(keywords) || keywords.length === 0) {
        throw new Error('Please provide array containing keywords.')
      }
      const { conversationHistoryRecords: records } = conversation
      if (!Array.isArray(records)) throw new Error('Please provide conversation object.')
      const messages = records[0]?.messageRecords ?? []
      return keywords.flatMap((keyword) => {
        const pattern = new RegExp(keyword, 'im')
        return messages.flatMap((record) => {
          const message = textOf(record)
          if (message === undefined || !pattern.test(message)) return []
          const { sentBy, timeL } = record
          return [{ message, sentTimestamp: timeL, sentBy, tag: `keywordRef:${keyword}` }]
        })
      })
    },
  }
}

function textOf({ messageData, type }: HistoryMessage): string | undefined {
  if (type === 'TEXT_PLAIN') return messageData?.msg?.text
  return type === 'HOSTED_FILE' ? messageData?.file?.caption : undefined
}
