import type { Marks, Unsent } from './state.ts'

/** What was typed and not sent, and what was sent and not stored, outlives the page: one entry of the browser each. */
const MAX_DRAFTS = 300

const draftKey = (accountId: string, conversationId: string): string =>
  `parley.draft.${accountId}.${conversationId}`
const unsentPrefix = (accountId: string): string => `parley.unsent.${accountId}.`

/** What is typed, and whether it is a note: after a reload it must not go to the consumer. */
export interface Draft {
  text: string
  isPrivate: boolean
}

export function draftOf(accountId: string, conversationId: string): Draft {
  const kept = localStorage.getItem(draftKey(accountId, conversationId))
  try {
    return kept === null ? { text: '', isPrivate: false } : (JSON.parse(kept) as Draft)
  } catch {
    // Written by nobody else: what is left of it is still a text.
    return { text: kept ?? '', isPrivate: true }
  }
}

export function keepDraft(accountId: string, conversationId: string, draft: Draft): void {
  const key = draftKey(accountId, conversationId)
  if (draft.text === '' && !draft.isPrivate) localStorage.removeItem(key)
  else localStorage.setItem(key, JSON.stringify(draft))
}

/** Drafts of conversations that are over would stay for ever. */
export function forgetOldDrafts(accountId: string, open: ReadonlySet<string>): void {
  const prefix = draftKey(accountId, '')
  const drafts = Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  const old = drafts.filter((key) => !open.has(key.slice(prefix.length)))
  for (const key of old.slice(0, Math.max(0, drafts.length - MAX_DRAFTS))) {
    localStorage.removeItem(key)
  }
}

const seenKey = (accountId: string): string => `parley.seen.${accountId}`

/** Of the live chats that are listed, up to where the agent has seen them: the server knows that of conversations only. */
export function keepSeen(accountId: string, chatIds: readonly string[], seen: Marks): void {
  const marks = chatIds.flatMap((chatId) => {
    const mark = seen[chatId]
    return mark === undefined ? [] : [[chatId, mark] as const]
  })
  localStorage.setItem(seenKey(accountId), JSON.stringify(Object.fromEntries(marks)))
}

export function seenOf(accountId: string): Marks {
  try {
    return JSON.parse(localStorage.getItem(seenKey(accountId)) ?? '{}') as Marks
  } catch {
    // Written by nobody else: they are read again.
    return {}
  }
}

export function keepUnsent(accountId: string, unsent: Unsent): void {
  localStorage.setItem(unsentPrefix(accountId) + unsent.key, JSON.stringify(unsent))
}

export function forgetUnsent(accountId: string, key: string): void {
  localStorage.removeItem(unsentPrefix(accountId) + key)
}

export function unsentOf(accountId: string): Unsent[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(unsentPrefix(accountId)))
    .map((key) => JSON.parse(localStorage.getItem(key) ?? '{}') as Unsent)
    .toSorted((a, b) => a.at - b.at)
}
