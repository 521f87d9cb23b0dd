import type { WholeConversation } from '@parley/contract'
import type { useNames } from '../api/use-names.ts'
import { conversationWords } from '../words/conversations.ts'
import type { MessageLine, RunLine } from './timeline.ts'

export interface LineContext {
  accountId: string
  conversation: WholeConversation
  names: ReturnType<typeof useNames>
  /** Opens another line and goes there. */
  reveal: (key: string) => void
}

export function nameOf({ last }: RunLine, { names }: Pick<LineContext, 'names'>): string {
  return last.functionName ?? names.functionName(last.functionId)
}

/** Who wrote a message: people by their names, others by what they are. */
export function whoOf(
  { entry }: MessageLine,
  { conversation, names }: Pick<LineContext, 'conversation' | 'names'>,
): string {
  const { id, role } = entry.by
  const t = conversationWords
  if (role === 'CONSUMER' || role === 'CONTROLLER') return t.roles[role]
  const participant = conversation.dialogs
    .flatMap(({ participants }) => participants)
    .find(({ pid }) => pid === id)
  const name = names.userName(participant?.userId ?? id)
  return name === id || name === participant?.userId ? t.roles[role] : name
}
