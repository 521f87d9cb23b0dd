/**
 * One thing that a bot asks of a conversation. The conversation decides whether it can be done: `apply-bot-actions.ts`
 * of `messaging/conversations`.
 */
export type ConversationAction =
  /** `isDefault`: not what a function has said, but the text set for the event. */
  | { type: 'message'; text: string; isDefault?: true }
  | { type: 'transfer'; skillId?: string | undefined; agentId?: string | undefined }
  | { type: 'close' }
