import { ParleyError } from '#base/kernel'
import type { ChatEntry } from '@parley/contract'
import type { CommitOperation, MessageInsert, OutboxInsert } from '#base/store'
import type { ChatDeps } from './deps.ts'
import { findChat, findEntryByKey } from './repository.ts'
import { adjustSilenceTimer } from './silence-timer.ts'
import { CHAT, type ChatState, type NewEntry } from './state.ts'

/** What a decision may change. */
export interface ChatDraft {
  readonly at: number
  readonly state: ChatState
  readonly entries: ChatEntry[]
  readonly outbox: OutboxInsert[]
  add(entry: NewEntry): ChatEntry
}

interface ChangeOptions {
  /** The sender's key of the entry: a second one is not added. */
  requestKey?: string | undefined
  completesTimer?: CommitOperation['completesTimer']
}

const MAX_ATTEMPTS = 6
const MAX_PAUSE_MS = 20

export function draftOf(state: ChatState, at: number): ChatDraft {
  const entries: ChatEntry[] = []
  return {
    at,
    state,
    entries,
    outbox: [],
    add(entry) {
      const added = { ...entry, sequence: state.nextSequence++, at: new Date(at).toISOString() }
      entries.push(added)
      return added
    },
  }
}

/**
 * Changes one chat: decides by its newest state, and commits only if that is still the newest, else decides again.
 * `decide` may run several times and must change nothing but the draft. Answers the state after the change.
 */
export async function changeChat(
  deps: ChatDeps,
  accountId: string,
  chatId: string,
  decide: (draft: ChatDraft) => void | Promise<void>,
  options: ChangeOptions = {},
): Promise<{ state: ChatState; entry?: ChatEntry }> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const before = await findChat(deps.store.db, accountId, chatId)
    if (!before) throw new ParleyError('chat_not_found', `There is no chat "${chatId}"`)
    const draft = draftOf(before.state, deps.clock.now())
    const stored = () => findStored(deps, accountId, options)
    try {
      await decide(draft)
    } catch (cause) {
      // What was kept before stays acknowledged, whatever has happened to the chat since.
      const entry = await stored()
      if (entry) return { state: before.state, entry }
      throw cause
    }
    const outcome = await commitChat(deps, accountId, before.version, draft, options)
    const [entry] = draft.entries
    if (outcome === 'applied') return { state: draft.state, ...(entry && { entry }) }
    if (outcome === 'gone') return { state: draft.state }
    if (outcome === 'duplicate') {
      const kept = await stored()
      return { state: before.state, ...(kept && { entry: kept }) }
    }
    await deps.monotonic.sleep(Math.random() * MAX_PAUSE_MS)
  }
  throw new ParleyError('chat_busy', `The chat "${chatId}" is busy`, { retryAfterMs: 1000 })
}

async function findStored({ store }: ChatDeps, accountId: string, { requestKey }: ChangeOptions) {
  return requestKey === undefined ? undefined : findEntryByKey(store.db, accountId, requestKey)
}

export async function commitChat(
  deps: ChatDeps,
  accountId: string,
  readVersion: number,
  draft: ChatDraft,
  { requestKey, completesTimer }: ChangeOptions = {},
): Promise<'applied' | 'stale' | 'gone' | 'duplicate'> {
  const { state, entries, outbox } = draft
  if (completesTimer) delete state.silenceTimerAt
  const timers = adjustSilenceTimer(state, await deps.settings.get(accountId))
  const messages = entries.map(({ sequence, ...body }, index): MessageInsert => ({
    conversationId: state.chatId,
    dialogId: state.chatId,
    sequence,
    at: draft.at,
    body,
    ...(index === 0 && requestKey !== undefined && { requestKey }),
  }))
  const { status } = await deps.delivery.commit({
    accountId,
    documents: [{ kind: CHAT, id: state.chatId, readVersion, state }],
    messages,
    outbox,
    ...timers,
    ...(completesTimer && { completesTimer }),
  })
  if (status === 'applied') deps.feed.changed(accountId, state.chatId)
  return status
}
