import type { Link } from './link.ts'
import { type ConversationView, shownDialogs, type State } from './state.ts'
import type { WireRecord } from './wire.ts'

/** So many messages are read at once: more than a window shows, less than a slow connection feels. */
const PAGE = 100

export interface HistoryDeps {
  link(): Link
  state(): State
  change(part: Partial<State>): void
  received(records: WireRecord[]): void
}

export interface History {
  /** Subscribes to a dialog's messages: the newest ones at first, after a lost connection those that are missing. */
  follow(conversation: ConversationView, dialogId: string): Promise<void>
  /** The connection is new: what was followed on the old one is followed no more. */
  forgetFollowed(): void
  /** Reads the messages before those that are shown, or else shows the conversation before. */
  loadEarlier(): Promise<void>
  /** Reads everything of the conversations that are shown. */
  loadAll(): Promise<void>
}

/** Whether there is something before what is shown. */
export function hasEarlier(state: State): boolean {
  return partlyLoaded(state) !== undefined || state.earlier.length > 0
}

/** The newest of the dialogs whose beginning is not here. */
export function partlyLoaded(state: State) {
  return shownDialogs(state).findLast(({ dialogId }) => (state.loadedFrom[dialogId] ?? 0) > 0)
}

export function openHistory({ link, state, change, received }: HistoryDeps): History {
  const followed = new Set<string>()

  function loadedFrom(dialogId: string, from: number): void {
    change({ loadedFrom: { ...state().loadedFrom, [dialogId]: from } })
  }

  async function read(dialog: Place, from: number, before: number): Promise<void> {
    const { conversationId, dialogId } = dialog
    const maxQuantity = before - from
    const body = { conversationId, dialogId, fromSeq: from, maxQuantity }
    const records = await link().request<WireRecord[]>('ms.QueryMessages', body)
    loadedFrom(dialogId, from)
    received(records)
  }

  async function loadBefore(dialog: Place, count: number): Promise<void> {
    const before = state().loadedFrom[dialog.dialogId] ?? 0
    await read(dialog, Math.max(0, before - count), before)
  }

  async function showEarlierConversation(): Promise<void> {
    const [next, ...earlier] = state().earlier
    if (!next) return
    const { conversationId } = next
    const { shown } = state()
    // Messages find their places by the conversations that are shown.
    change({ shown: [next, ...shown], earlier })
    try {
      for (const { dialogId } of next.dialogs) {
        const from = firstToRead(next, dialogId)
        await read({ conversationId, dialogId }, from, from + MAX_READ)
      }
    } catch (error) {
      change({ shown, earlier: [next, ...earlier] })
      throw error
    }
  }

  return {
    async follow(conversation, dialogId) {
      if (followed.has(dialogId)) return
      followed.add(dialogId)
      const known = state().entries.flatMap((one) =>
        one.dialogId === dialogId && one.sequence !== undefined ? [one.sequence] : [],
      )
      const last = Math.max(-1, ...known)
      const fromSeq = last < 0 ? firstToRead(conversation, dialogId) : last + 1
      if (last < 0) loadedFrom(dialogId, fromSeq)
      const { conversationId } = conversation
      const place = { conversationId, dialogId, fromSeq }
      try {
        await link().request('ms.SubscribeMessagingEvents', place)
      } catch (error) {
        followed.delete(dialogId)
        throw error
      }
    },
    forgetFollowed: () => followed.clear(),
    async loadEarlier() {
      if (state().isLoadingEarlier) return
      change({ isLoadingEarlier: true })
      try {
        const dialog = partlyLoaded(state())
        await (dialog ? loadBefore(dialog, PAGE) : showEarlierConversation())
      } finally {
        change({ isLoadingEarlier: false })
      }
    },
    async loadAll() {
      for (let dialog = partlyLoaded(state()); dialog; dialog = partlyLoaded(state())) {
        await loadBefore(dialog, MAX_READ)
      }
    },
  }
}

/** As many messages as the server gives at once. */
const MAX_READ = 10_000

interface Place {
  conversationId: string
  dialogId: string
}

/** Where the newest page of a dialog begins; its beginning when the server has not said where it ends. */
function firstToRead({ last }: ConversationView, dialogId: string): number {
  return last?.dialogId === dialogId ? Math.max(0, last.sequence - PAGE + 1) : 0
}
