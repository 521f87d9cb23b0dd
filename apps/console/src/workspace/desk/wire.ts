import type { Marks } from './state.ts'

/** What the messaging socket sends to agents, as far as the workspace reads it. */
export interface WireRecord {
  dialogId: string
  conversationId: string
  sequence?: number
  serverTimestamp?: number
  originatorMetadata?: { id?: string; role: string }
  event: {
    type: string
    contentType?: string
    message?: unknown
    chatState?: string
    status?: string
    sequenceList?: number[]
  }
  messageAudience?: string
}

export interface WireConversation {
  convId: string
  effectiveTTR: number
  conversationDetails: {
    skillId: string
    state: string
    stage: string
    startTs: number
    ttr?: { ttrType: string }
    participants: Partial<Record<string, string[]>>
    dialogs: {
      dialogId: string
      dialogType: string
      state: string
      participantsDetails: { id: string; role: string; state: string }[]
    }[]
    context?: { visitorId?: string; lang?: string; clientProperties?: Record<string, unknown> }
  }
  lastContentEventNotification?: WireRecord
  /** By old id, of the assigned agent alone. */
  numberOfunreadMessages: Partial<Record<string, number>>
}

export interface ConversationChanges {
  subscriptionId: string
  changes: { type: 'UPSERT' | 'DELETE'; result: WireConversation }[]
}

export interface RingChanges {
  changes: {
    type: 'UPSERT' | 'DELETE'
    result: {
      conversationId: string
      consumerId: string
      skillId: string
      ringsDetails: { ringId: string; ringExpirationTs: number }[]
    }
  }[]
}

export interface AgentStateChanges {
  changes: { result: { agentUserId: string; availability: string } }[]
}

/** The marks with a later one; the same object when it is not later. */
export function markedUpTo(marks: Marks, dialogId: string, sequences: readonly number[]): Marks {
  const last = Math.max(-1, ...sequences)
  return last > (marks[dialogId] ?? -1) ? { ...marks, [dialogId]: last } : marks
}
