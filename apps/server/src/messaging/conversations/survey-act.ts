import type { ConversationState, StoredMessage } from '@parley/contract'
import { type Actor, closeDialog, type Draft, getDialog, publishMessage } from '#messaging/rules'
import type { Deps } from './deps.ts'
import { type CommitExtra, writeConversation, type WriteOptions } from './write.ts'

export type SurveyAction =
  | {
      type: 'publish'
      event: StoredMessage['event']
      metadata?: StoredMessage['metadata']
    }
  | { type: 'close'; closedCause: string }

export interface SurveyPlace {
  conversationId: string
  /** The POST_SURVEY dialog that the bot is in. */
  dialogId: string
  bot: { userId: string; pid: string }
}

/** What the bot does next, and what it remembers in the same commit. */
export interface SurveyAct {
  actions: readonly SurveyAction[]
  extra?: CommitExtra
}

/**
 * Lets the survey bot write and close its dialog in one commit with its own documents and the end of the row or timer
 * that it works on. In a dialog that is closed already nothing is done, but the documents are written.
 * @param decide may be asked again, with a newer state
 */
export async function actAsSurveyBot(
  deps: Deps,
  accountId: string,
  place: SurveyPlace,
  decide: (state: ConversationState, at: number) => Promise<SurveyAct>,
  options: Pick<WriteOptions, 'completesRow' | 'completesTimer'>,
): Promise<void> {
  let extra: CommitExtra | undefined
  await writeConversation(
    deps,
    accountId,
    place.conversationId,
    async (draft) => {
      const act = await decide(draft.state, draft.at)
      extra = act.extra
      if (getDialog(draft.state, place.dialogId).state === 'CLOSE') return
      for (const action of act.actions) apply(draft, place, action)
    },
    { ...options, extra: () => extra ?? {} },
  )
}

function apply(draft: Draft, { dialogId, bot }: SurveyPlace, action: SurveyAction): void {
  const actor: Actor = { kind: 'bot', ...bot }
  if (action.type === 'close') {
    closeDialog(draft, actor, dialogId, { closedCause: action.closedCause })
    return
  }
  const { event, metadata } = action
  publishMessage(draft, actor, { dialogId, event, ...(metadata && { metadata }) })
}
