import type { ConversationState, StoredMessage } from '@parley/contract'
import type { OutboxInsert } from '#base/store'
import type { ConnectorRows } from '#messaging/conversations'
import type { ChatState } from '#messaging/reading'
import {
  chatStateFrame,
  formatConversation,
  messageFrame,
  notificationFrame,
} from '#wire/messaging/format'
import type { Deps } from './deps.ts'
import { WEBHOOKS, type WebhookFacts } from './facts.ts'

/** Who types now is of no interest later. */
const CHAT_STATE_MS = 10_000
const CONVERSATION = 'cqm.ExConversationChangeNotification'
const MESSAGE = 'ms.MessagingEventNotification'

/** Rows with the notifications that a socket of the consumer would get, for the application that opened the conversation. */
export function connectorRows({ credentials, clock }: Deps): ConnectorRows {
  async function rowsOf(
    accountId: string,
    { conversationId, connectorId }: ConversationState,
    notifications: () => Omit<WebhookFacts, 'clientId'>[],
  ): Promise<OutboxInsert[]> {
    if (connectorId === undefined) return []
    const webhook = await credentials.findWebhook(accountId, connectorId)
    if (!webhook) return []
    return notifications()
      .filter(({ event }) => isWanted(webhook.events, event))
      .map((notification) => ({
        consumer: WEBHOOKS,
        orderingKey: conversationId,
        facts: { clientId: connectorId, ...notification } satisfies WebhookFacts,
      }))
  }
  return {
    ofChange: (accountId, state, messages) =>
      rowsOf(accountId, state, () => notificationsOf(accountId, state, messages)),
    ofChatState: (accountId, state, chatState) =>
      rowsOf(accountId, state, () => [
        {
          event: `${MESSAGE}.${chatState.event.type}`,
          payload: chatStateFrame({ side: 'consumer', accountId }, chatState satisfies ChatState),
          goodUntil: clock.now() + CHAT_STATE_MS,
        },
      ]),
  }
}

/** An application names a type of notifications, or one type of event in them. */
export function isWanted(events: readonly string[], event: string): boolean {
  return events.some((wanted) => event === wanted || event.startsWith(`${wanted}.`))
}

/** In the order in which a socket gets them. */
function notificationsOf(
  accountId: string,
  state: ConversationState,
  messages: readonly StoredMessage[],
): Omit<WebhookFacts, 'clientId'>[] {
  const recipient = { side: 'consumer', accountId } as const
  const result = formatConversation(recipient, state)
  const conversation = {
    event: CONVERSATION,
    payload: notificationFrame(CONVERSATION, { changes: [{ type: 'UPSERT', result }] }),
  }
  const said = messages
    .filter(({ audience }) => audience === 'ALL')
    .map((message) => ({
      event: `${MESSAGE}.${message.event.type}`,
      payload: messageFrame(recipient, message),
    }))
  return [conversation, ...said]
}
