import { routeConversation } from '@parley/contract'
import { ask } from '../../studio/api/server.ts'
import { mainDialog, type State, talkOf } from './state.ts'

/** What an agent does with a conversation, or with a live chat. What the server refuses is thrown. */
export interface TalkActions {
  typing(conversationId: string, isTyping: boolean): void
  /** To any agent of the skill, or to one of them. */
  transfer(conversationId: string, skillId: string, userIdOfAgent?: string): Promise<void>
  backToQueue(conversationId: string): Promise<void>
  /** With its survey, if there is one for it, or without. */
  close(conversationId: string, withSurvey: boolean): Promise<void>
  /** Who has joined beside its agent goes. */
  leave(conversationId: string): Promise<void>
  /** Who has joined answers it from now on. */
  takeOver(conversationId: string): Promise<void>
}

export interface ConversationActions extends TalkActions {
  setUrgent(conversationId: string, isUrgent: boolean): Promise<void>
}

interface Deps {
  accountId: string
  state: () => State
  request: (type: string, body: unknown) => Promise<unknown>
}

const LEAVE = { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }

/** The actions in conversations, by the messaging socket. */
export function conversationActions({ accountId, state, request }: Deps): ConversationActions {
  async function update(conversationId: string, ...conversationField: object[]): Promise<void> {
    await request('.ams.cm.UpdateConversationField', { conversationId, conversationField })
  }

  return {
    typing(conversationId, isTyping) {
      const talk = talkOf(state(), conversationId)
      const dialog = talk && mainDialog(talk)
      if (!dialog?.isOpen || talk?.status !== 'mine' || state().connection !== 'open') return
      const event = { type: 'ChatStateEvent', chatState: isTyping ? 'COMPOSING' : 'PAUSE' }
      // The dialog may be closed by now: then the report is not needed.
      request('ms.PublishEvent', { dialogId: dialog.dialogId, event }).catch(() => undefined)
    },
    transfer: (conversationId, skillId, userIdOfAgent) =>
      update(
        conversationId,
        LEAVE,
        ...(userIdOfAgent === undefined
          ? []
          : [{ ...LEAVE, type: 'SUGGEST', userId: `${accountId}.${userIdOfAgent}` }]),
        { field: 'Skill', type: 'UPDATE', skill: skillId },
      ),
    backToQueue: (conversationId) => update(conversationId, LEAVE),
    leave: (conversationId) =>
      update(conversationId, { ...LEAVE, role: talkOf(state(), conversationId)?.role }),
    async takeOver(conversationId) {
      const order = { params: { conversationId }, body: { action: 'take' as const } }
      await ask(accountId, routeConversation, order)
    },
    setUrgent: (conversationId, isUrgent) =>
      update(conversationId, {
        field: 'TTRField',
        ttrType: isUrgent ? 'URGENT' : 'NORMAL',
        value: 0,
      }),
    close: (conversationId, withSurvey) =>
      update(
        conversationId,
        withSurvey
          ? {
              field: 'DialogChange',
              type: 'UPDATE',
              dialog: { dialogId: conversationId, state: 'CLOSE', closedCause: 'Closed by agent' },
            }
          : { field: 'ConversationStateField', conversationState: 'CLOSE' },
      ),
  }
}

/** Each by what it is done with. */
export function actionsBy(of: (conversationId: string) => TalkActions): TalkActions {
  return {
    typing: (id, isTyping) => of(id).typing(id, isTyping),
    transfer: (id, skillId, userIdOfAgent) => of(id).transfer(id, skillId, userIdOfAgent),
    backToQueue: (id) => of(id).backToQueue(id),
    close: (id, withSurvey) => of(id).close(id, withSurvey),
    leave: (id) => of(id).leave(id),
    takeOver: (id) => of(id).takeOver(id),
  }
}
