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
  originatorMetadata?: { id?: string; role: string }
  event: {
    type: string
    chatState?: string
    status?: string
    sequenceList?: number[]
  }
}

export interface WireConversation {
  convId: string
  conversationDetails: {
    stage: string
    startTs: number
    endTs?: number
    ttr?: { ttrType: string }
    participants?: { id: string; role: string }[]
    dialogs: { dialogId: string; dialogType: string; state: string; creationTs?: number }[]
  }
  lastContentEventNotification?: { dialogId: string; sequence: number }
}
