import type { ChatSide } from '@parley/contract'
import { PassingMap } from '#base/kernel'
import type { Store } from '#base/store'

const CHANGED = 'chat'
const TYPING = 'chat-typing'

/** What a stream is notified of. It reads the entries itself, so that it misses none and sends none twice. */
export type ChatUpdate =
  | { kind: 'changed'; chatId: string }
  | { kind: 'typing'; chatId: string; side: ChatSide; typing: boolean }

type Notify = (update: ChatUpdate) => void

/** Notifies the streams of every node of chats that have changed. */
export interface ChatFeed extends Disposable {
  changed(accountId: string, chatId: string): void
  typing(accountId: string, chatId: string, side: ChatSide, typing: boolean): void
  /** Subscribes to one chat, or to all chats of the account. `resync` is called when updates may have been missed. */
  subscribe(
    accountId: string,
    chatId: string | undefined,
    notify: Notify,
    resync: () => void,
  ): Disposable
}

interface Subscriber {
  notify: Notify
  resync: () => void
}

export function openChatFeed(store: Store): ChatFeed {
  const subscribers = new PassingMap<string, Set<Subscriber>>()

  function notifyAll(accountId: string, update: ChatUpdate): void {
    for (const topic of [accountId, `${accountId}/${update.chatId}`]) {
      for (const { notify } of subscribers.get(topic) ?? []) notify(update)
    }
  }

  const subscriptions = [
    store.onNotify(CHANGED, (payload) => {
      const [accountId = '', chatId = ''] = payload.split('/')
      notifyAll(accountId, { kind: 'changed', chatId })
    }),
    store.onNotify(TYPING, (payload) => {
      const [accountId = '', chatId = '', side, typing] = payload.split('/')
      if (side !== 'CONSUMER' && side !== 'AGENT') return
      notifyAll(accountId, { kind: 'typing', chatId, side, typing: typing === 'yes' })
    }),
    store.onResync(() => {
      for (const { resync } of [...subscribers.values()].flatMap((some) => [...some])) resync()
    }),
  ]

  return {
    changed: (accountId, chatId) => store.notify(CHANGED, `${accountId}/${chatId}`),
    typing: (accountId, chatId, side, typing) =>
      store.notify(TYPING, [accountId, chatId, side, typing ? 'yes' : 'no'].join('/')),
    subscribe(accountId, chatId, notify, resync) {
      const topic = chatId === undefined ? accountId : `${accountId}/${chatId}`
      const subscriber = { notify, resync }
      const some = subscribers.get(topic) ?? new Set()
      subscribers.set(topic, some.add(subscriber))
      return {
        [Symbol.dispose]() {
          some.delete(subscriber)
          if (some.size === 0 && subscribers.get(topic) === some) subscribers.delete(topic)
        },
      }
    },
    [Symbol.dispose]() {
      for (const one of subscriptions) one[Symbol.dispose]()
    },
  }
}
