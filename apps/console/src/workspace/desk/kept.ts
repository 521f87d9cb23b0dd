import type { Unsent } from './state.ts'

/** What was typed and not sent, and what was sent and not stored, outlives the page: one entry of the browser each. */
const MAX_DRAFTS = 300

const draftKey = (accountId: string, conversationId: string): string =>
  `parley.draft.${accountId}.${conversationId}`
const unsentPrefix = (accountId: string): string => `parley.unsent.${accountId}.`

export function draftOf(accountId: string, conversationId: string): string {
  return localStorage.getItem(draftKey(accountId, conversationId)) ?? ''
}

export function keepDraft(accountId: string, conversationId: string, text: string): void {
  const key = draftKey(accountId, conversationId)
  if (text === '') localStorage.removeItem(key)
  else localStorage.setItem(key, text)
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
