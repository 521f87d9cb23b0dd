import type { ConversationState, Dialog } from '@parley/contract'

export function surveyDialog({ dialogs }: ConversationState): Dialog | undefined {
  return dialogs.find(({ type }) => type === 'POST_SURVEY')
}
