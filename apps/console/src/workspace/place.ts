import { useSyncExternalStore } from 'react'

const BASE = '/workspace'
const CHANGED = 'parley-place'

/** Which account and which conversation the address names. */
export interface Place {
  accountId: string | undefined
  conversationId: string | undefined
}

export function placeNow(): Place {
  const [accountId, conversationId] = location.pathname
    .slice(BASE.length + 1)
    .split('/')
    .map((part) => (part === '' ? undefined : decodeURIComponent(part)))
  return { accountId, conversationId }
}

export function goTo(accountId: string, conversationId?: string): void {
  const path = [BASE, accountId, ...(conversationId === undefined ? [] : [conversationId])].join(
    '/',
  )
  if (path === location.pathname) return
  history.pushState(undefined, '', path)
  dispatchEvent(new Event(CHANGED))
}

function subscribe(listener: () => void): () => void {
  const events = ['popstate', CHANGED] as const
  for (const event of events) addEventListener(event, listener)
  return () => {
    for (const event of events) removeEventListener(event, listener)
  }
}

/** The address, as a text: it is the same as long as it has not changed. */
export function usePlace(): Place {
  useSyncExternalStore(subscribe, () => location.pathname)
  return placeNow()
}
