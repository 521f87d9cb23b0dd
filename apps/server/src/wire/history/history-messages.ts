import type { Role, StoredMessage } from '@parley/contract'
import { contextData } from './history-context.ts'
import { instant, UNDEFINED } from './history-times.ts'

const SENDERS: Record<Role, string> = {
  CONSUMER: 'Consumer',
  ASSIGNED_AGENT: 'Agent',
  AGENT: 'Agent',
  MANAGER: 'Agent',
  READER: 'Agent',
  CONTROLLER: 'Controller',
}

export function messageRecords(messages: readonly StoredMessage[]) {
  return messages.filter(isContent).map((message) => {
    const { originator, metadata, clientProperties } = message
    return {
      ...contentOf(message),
      messageId: messageId(message.dialogId, message.sequence),
      audience: message.audience,
      seq: message.sequence,
      dialogId: message.dialogId,
      participantId: participantId(message),
      source: 'APP',
      ...instant(message.at),
      device: clientProperties?.deviceFamily ?? UNDEFINED,
      sentBy: SENDERS[originator.role],
      ...contextData(metadata),
    }
  })
}

/** The accept statuses of messages: which participant received or read which message. */
export function messageStatuses(messages: readonly StoredMessage[]) {
  return messages
    .filter(({ event }) => event.type === 'AcceptStatusEvent')
    .flatMap((message) => {
      const { status, sequenceList } = message.event as unknown as {
        status: string
        sequenceList: number[]
      }
      return sequenceList.map((sequence) => ({
        messageId: messageId(message.dialogId, sequence),
        seq: sequence,
        dialogId: message.dialogId,
        ...instant(message.at),
        participantId: participantId(message),
        participantType: SENDERS[message.originator.role],
        messageDeliveryStatus: status,
      }))
    })
}

function isContent({ event }: StoredMessage): boolean {
  return event.type === 'ContentEvent' || event.type === 'RichContentEvent'
}

function contentOf({ event }: StoredMessage): { type: string; messageData: object } {
  const { type, contentType, message, content, quickReplies } = event as {
    type: string
    contentType?: string
    message?: unknown
    content?: unknown
    quickReplies?: unknown
  }
  const replies = quickReplies ? { quickReplies: { content: JSON.stringify(quickReplies) } } : {}
  if (type === 'RichContentEvent') {
    return {
      type: 'RICH_CONTENT',
      messageData: { richContent: { content: JSON.stringify(content) }, ...replies },
    }
  }
  if (contentType === 'hosted/file') return { type: 'HOSTED_FILE', messageData: { file: message } }
  return { type: 'TEXT_PLAIN', messageData: { msg: { text: message }, ...replies } }
}

function messageId(dialogId: string, sequence: number): string {
  return `ms::dialog:${dialogId}::msg:${sequence}`
}

function participantId({ originator }: StoredMessage): string {
  return originator.userId
}
