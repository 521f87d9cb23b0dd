import { storage } from '../../storage.ts'
import type { Marks, Unsent } from './state.ts'

/**
 * What was typed and not sent, and what was sent and not stored, outlives the page: one entry of the browser each. The keys say whose
 * it is, since colleagues may share a browser. An `agentId` is that of the account with that of the user.
 */
const MAX_DRAFTS = 300

const draftKey = (agentId: string, conversationId: string): string =>
  `parley.draft.${agentId}.${conversationId}`
const unsentPrefix = (agentId: string): string => `parley.unsent.${agentId}.`

/** What is typed, and whether it is a note: after a reload it must not go to the consumer. */
export interface Draft {
  text: string
  isPrivate: boolean
}

export function draftOf(agentId: string, conversationId: string): Draft {
  const kept = storage.read(draftKey(agentId, conversationId))
  try {
    return kept === undefined ? { text: '', isPrivate: false } : (JSON.parse(kept) as Draft)
  } catch {
    // Written by nobody else: what is left of it is still a text.
    return { text: kept ?? '', isPrivate: true }
  }
}

export function keepDraft(agentId: string, conversationId: string, draft: Draft): void {
  const key = draftKey(agentId, conversationId)
  if (draft.text === '' && !draft.isPrivate) storage.forget(key)
  else storage.keep(key, JSON.stringify(draft))
}

/** What an earlier version has kept without a user: it must not go out as somebody else's. */
const WITHOUT_USER = /^parley\.(?:(?:draft|unsent)\.[^.]+|seen)\.[^.]+$/

/** Drafts of conversations that are over would stay for ever. */
export function forgetOldDrafts(agentId: string, open: ReadonlySet<string>): void {
  for (const key of storage.keysFrom('parley.')) {
    if (WITHOUT_USER.test(key)) storage.forget(key)
  }
  const prefix = draftKey(agentId, '')
  const drafts = storage.keysFrom(prefix)
  const old = drafts.filter((key) => !open.has(key.slice(prefix.length)))
  for (const key of old.slice(0, Math.max(0, drafts.length - MAX_DRAFTS))) {
    storage.forget(key)
  }
}

const seenKey = (agentId: string): string => `parley.seen.${agentId}`

/** Of the live chats that are listed, up to where the agent has seen them: the server knows that of conversations only. */
export function keepSeen(agentId: string, chatIds: readonly string[], seen: Marks): void {
  const marks = chatIds.flatMap((chatId) => {
    const mark = seen[chatId]
    return mark === undefined ? [] : [[chatId, mark] as const]
  })
  storage.keep(seenKey(agentId), JSON.stringify(Object.fromEntries(marks)))
}

export function seenOf(agentId: string): Marks {
  try {
    return JSON.parse(storage.read(seenKey(agentId)) ?? '{}') as Marks
  } catch {
    // Written by nobody else: they are read again.
    return {}
  }
}

export function keepUnsent(agentId: string, unsent: Unsent): void {
  storage.keep(unsentPrefix(agentId) + unsent.key, JSON.stringify(unsent))
}

export function forgetUnsent(agentId: string, key: string): void {
  storage.forget(unsentPrefix(agentId) + key)
}

export function unsentOf(agentId: string): Unsent[] {
  return storage
    .keysFrom(unsentPrefix(agentId))
    .map((key) => JSON.parse(storage.read(key) ?? '{}') as Unsent)
    .toSorted((a, b) => a.at - b.at)
}
