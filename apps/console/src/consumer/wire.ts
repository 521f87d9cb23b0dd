import type { ConversationView } from './state.ts'

/** What this page announces that it can show. */
export const FEATURES = [
  'AUTO_MESSAGES',
  'MULTI_DIALOG',
  'QUICK_REPLIES',
  'RICH_CONTENT',
  'FILE_SHARING',
  'PHOTO_SHARING',
]

export interface WireRecord {
  dialogId: string
  sequence?: number
  serverTimestamp?: number
  originatorMetadata?: { role: string }
  event: { type: string; chatState?: string }
}

export interface WireConversation {
  convId: string
  conversationDetails: {
    stage: string
    ttr?: { ttrType: string }
    dialogs: ConversationView['dialogs']
  }
}
