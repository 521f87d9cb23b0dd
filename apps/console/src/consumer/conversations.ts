import { type ConversationView, type Entry, type State, writableDialog } from './state.ts'
import type { WireConversation } from './wire.ts'

export function viewOf({
  convId,
  conversationDetails: details,
  lastContentEventNotification: last,
}: WireConversation): ConversationView {
  return {
    conversationId: convId,
    stage: details.stage,
    isUrgent: details.ttr?.ttrType === 'URGENT',
    startedAt: details.startTs,
    endedAt: details.endTs,
    agentPid: details.participants?.find(({ role }) => role === 'ASSIGNED_AGENT')?.id,
    dialogs: details.dialogs.map(({ dialogId, dialogType, state, creationTs }) => ({
      dialogId,
      dialogType,
      state,
      openedAt: creationTs ?? details.startTs,
    })),
    last: last && { dialogId: last.dialogId, sequence: last.sequence },
  }
}

type Conversations = Pick<State, 'conversation' | 'shown' | 'earlier'>

/** A consumer has at most one open conversation: that is the present one. An ended one stays until another begins. */
export function withConversation(
  { conversation: current, shown, earlier }: Conversations,
  view: ConversationView,
): Conversations {
  if (current?.conversationId === view.conversationId) {
    return { conversation: view, shown, earlier }
  }
  if (view.stage === 'OPEN') {
    const past = current ? [...shown, current] : shown
    return { conversation: view, shown: past, earlier: without(earlier, view) }
  }
  if (shown.some(isSame(view))) {
    return {
      conversation: current,
      shown: shown.map((one) => (isSame(view)(one) ? view : one)),
      earlier,
    }
  }
  return {
    conversation: current,
    shown,
    earlier: [...without(earlier, view), view].toSorted((a, b) => b.startedAt - a.startedAt),
  }
}

/** Clears the window for a new conversation. What was shown can be shown again; what could not be sent stays. */
export function startedAgain(state: State): Partial<State> {
  const past = [...state.shown, ...(state.conversation ? [state.conversation] : [])]
  return {
    conversation: undefined,
    shown: [],
    earlier: [...past.toReversed(), ...state.earlier],
    entries: unsentOf(state),
    loadedFrom: {},
    notice: undefined,
  }
}

export function unsentOf({ entries }: Pick<State, 'entries'>): Entry[] {
  return entries.filter(({ sequence }) => sequence === undefined)
}

export function isSurvey(state: Pick<State, 'conversation'>): boolean {
  return writableDialog(state)?.dialogType === 'POST_SURVEY'
}

/** Whether nothing had been said in a dialog when the conversation was told: dialogs follow each other. */
export function isUnspoken({ dialogs, last }: ConversationView, dialogId: string): boolean {
  const place = (id: string | undefined) => dialogs.findIndex((one) => one.dialogId === id)
  return place(dialogId) > place(last?.dialogId)
}

function without(list: ConversationView[], view: ConversationView): ConversationView[] {
  return list.filter((one) => !isSame(view)(one))
}

function isSame({ conversationId }: ConversationView): (other: ConversationView) => boolean {
  return (other) => other.conversationId === conversationId
}

/** As long as the server has not said more of it. */
export function newConversation(conversationId: string): ConversationView {
  const startedAt = Date.now()
  const main = { dialogId: conversationId, dialogType: 'MAIN', state: 'OPEN', openedAt: startedAt }
  return {
    conversationId,
    stage: 'OPEN',
    isUrgent: false,
    startedAt,
    endedAt: undefined,
    agentPid: undefined,
    dialogs: [main],
    last: undefined,
  }
}
