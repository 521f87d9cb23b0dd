import type { ConversationState, StoredMessage } from '@parley/contract'
import { type Actor, closeDialog, type Decision, getDialog, publishMessage } from '#messaging/rules'
import { changeConversation } from './change-conversation.ts'
import type { ChangeOptions, CommitExtra } from './change-options.ts'
import type { WriteDeps } from './deps.ts'

/** What the survey bot may do in its dialog. */
export type SurveyBotAction =
  | {
      type: 'publish'
      event: StoredMessage['event']
      metadata?: StoredMessage['metadata']
    }
  | { type: 'close'; closedCause: string }

/** A POST_SURVEY dialog, and the bot in it. */
export interface DialogRef {
  conversationId: string
  dialogId: string
  bot: { userId: string; pid: string }
}

/** What the bot does next, and what it stores in the same commit. */
export interface SurveyBotActions {
  actions: readonly SurveyBotAction[]
  extra?: CommitExtra
}

/**
 * Lets the survey bot write and close its dialog in one commit with its own documents and the completion of the outbox
 * row that it works on. In a closed dialog nothing is done, but the documents are written.
 * @param decide may be called again, with a newer state
 */
export async function applySurveyBotActions(
  deps: WriteDeps,
  accountId: string,
  dialog: DialogRef,
  decide: (state: ConversationState, at: number) => Promise<SurveyBotActions>,
  options: Pick<ChangeOptions, 'completesRow'>,
): Promise<void> {
  let extra: CommitExtra | undefined
  await changeConversation(
    deps,
    accountId,
    dialog.conversationId,
    async (decision) => {
      const decided = await decide(decision.state, decision.at)
      extra = decided.extra
      if (getDialog(decision.state, dialog.dialogId).state === 'CLOSE') return
      for (const action of decided.actions) apply(decision, dialog, action)
    },
    { ...options, extra: () => extra ?? {} },
  )
}

function apply(decision: Decision, { dialogId, bot }: DialogRef, action: SurveyBotAction): void {
  const actor: Actor = { kind: 'bot', ...bot }
  switch (action.type) {
    case 'close':
      closeDialog(decision, actor, dialogId, { closedCause: action.closedCause })
      return
    case 'publish': {
      const { event, metadata } = action
      publishMessage(decision, actor, { dialogId, event, ...(metadata && { metadata }) })
      return
    }
    default:
      // An unknown action must not compile.
      action satisfies never
  }
}
