/** What happened in a chat, as the server sends it. */
export type ChatEntry =
  | {
      type: 'line'
      sequence: number
      at: string
      by: 'CONSUMER' | 'AGENT'
      name: string
      text: string
      lineId?: string
    }
  | { type: 'accepted'; sequence: number; at: string; name: string }
  | { type: 'transferred'; sequence: number; at: string; skillName: string }
  | { type: 'ended'; sequence: number; at: string; by: string; reason: string }

/** A line that the server has not confirmed yet. */
export interface PendingLine {
  lineId: string
  text: string
  /** Why the server will not take it. */
  problem?: string
}

export interface ChatView {
  chatId: string
  stage: 'waiting' | 'active' | 'ended'
  skillName: string
  agentName?: string
  survey: 'none' | 'open' | 'submitted' | 'expired'
}

export interface SurveyQuestion {
  kind: 'text' | 'single' | 'multiple'
  questionId: string
  text: string
  required: boolean
  options?: string[]
}

export interface SurveyForm {
  csatQuestion: string
  csatRequired: boolean
  questions: SurveyQuestion[]
}

export interface ChatState {
  chat: ChatView | undefined
  entries: ChatEntry[]
  pending: PendingLine[]
  isTyping: boolean
  isLost: boolean
  /** A chat that was kept is being read. */
  isResuming: boolean
  /** The form that is shown, of a new chat or of a survey, is on its way to the server. */
  isSubmitting: boolean
  form: SurveyForm | undefined
  notice: string | undefined
}

export const NO_CHAT: ChatState = {
  chat: undefined,
  entries: [],
  pending: [],
  isTyping: false,
  isLost: false,
  isResuming: false,
  isSubmitting: false,
  form: undefined,
  notice: undefined,
}

/** Puts the entry in its place; one that is sent twice is there once. Its line no longer waits. */
export function withEntry(state: ChatState, entry: ChatEntry): ChatState {
  if (state.entries.some(({ sequence }) => sequence === entry.sequence)) return state
  const lineId = entry.type === 'line' ? entry.lineId : undefined
  return {
    ...state,
    entries: [...state.entries, entry].toSorted((a, b) => a.sequence - b.sequence),
    pending: state.pending.filter((line) => line.lineId !== lineId),
    isTyping: entry.type === 'line' && entry.by === 'AGENT' ? false : state.isTyping,
  }
}
