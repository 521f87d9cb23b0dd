/**
 * One thing that a bot asks of a conversation. The conversation decides whether it can be done: `apply-bot-actions.ts`
 * of `messaging/conversations`.
 */
export type ConversationAction =
  | { type: 'message'; text: string }
  | { type: 'transfer'; skillId?: string | undefined; agentId?: string | undefined }
  | { type: 'close' }
