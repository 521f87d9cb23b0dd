import type { ChatSide } from '@parley/contract'
import type { Store } from '#base/store'

const CHANGED = 'chat'
const TYPING = 'chat-typing'

/** What a stream hears of. It reads the rest by itself, so that nothing is missed and nothing comes twice. */
export type ChatUpdate =
  | { kind: 'changed'; chatId: string }
  | { kind: 'typing'; chatId: string; side: ChatSide; typing: boolean }

type Hear = (news: ChatUpdate) => void

/** Tells the streams of every node which chats have changed. */
export interface ChatFeed extends Disposable {
  changed(accountId: string, chatId: string): void
  typing(accountId: string, chatId: string, side: ChatSide, typing: boolean): void
  /** Hears of one chat, or of all chats of the account. */
  listen(accountId: string, chatId: string | undefined, hear: Hear, again: () => void): Disposable
}

interface Listener {
  hear: Hear
  /** Something may have been missed. */
  again: () => void
}

export function openChatFeed(store: Store): ChatFeed {
  const listeners = new Map<string, Set<Listener>>()

  function tell(accountId: string, news: ChatUpdate): void {
    for (const topic of [accountId, `${accountId}/${news.chatId}`]) {
      for (const { hear } of listeners.get(topic) ?? []) hear(news)
    }
  }

  const hearing = [
    store.onNotify(CHANGED, (payload) => {
      const [accountId = '', chatId = ''] = payload.split('/')
      tell(accountId, { kind: 'changed', chatId })
    }),
    store.onNotify(TYPING, (payload) => {
      const [accountId = '', chatId = '', side, typing] = payload.split('/')
      if (side !== 'CONSUMER' && side !== 'AGENT') return
      tell(accountId, { kind: 'typing', chatId, side, typing: typing === 'yes' })
    }),
    store.onResync(() => {
      for (const { again } of [...listeners.values()].flatMap((some) => [...some])) again()
    }),
  ]

  return {
    changed: (accountId, chatId) => store.notify(CHANGED, `${accountId}/${chatId}`),
    typing: (accountId, chatId, side, typing) =>
      store.notify(TYPING, [accountId, chatId, side, typing ? 'yes' : 'no'].join('/')),
    listen(accountId, chatId, hear, again) {
      const topic = chatId === undefined ? accountId : `${accountId}/${chatId}`
      const listener = { hear, again }
      const some = listeners.get(topic) ?? new Set()
      listeners.set(topic, some.add(listener))
      return {
        [Symbol.dispose]() {
          some.delete(listener)
          if (some.size === 0 && listeners.get(topic) === some) listeners.delete(topic)
        },
      }
    },
    [Symbol.dispose]() {
      for (const one of hearing) one[Symbol.dispose]()
    },
  }
}
