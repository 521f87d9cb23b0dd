import type { ConversationState, StoredMessage } from '@parley/contract'
import { PassingMap } from '#base/kernel'
import { openJitteredQueue } from '#base/kit'
import type { Base } from '#base/store'
import type { Documents } from './documents.ts'
import {
  listChangedSince,
  listMessagesSince,
  listStates,
  listVersions,
} from './missed-repository.ts'
import type { ConversationUpdate } from './notifications.ts'
import { inPages } from './in-pages.ts'
import { listMessages } from './repository.ts'
import type { Versioned } from './versioned.ts'

const VERSIONS_AT_ONCE = 1000
const STATES_AT_ONCE = 20
/** Between two such reads: each update goes to all agents of the account, whose clients have to read them. */
const PAUSE_MS = 100
/** All nodes hear of a silent one in the same moment. */
const SPREAD_MS = 500

const REWOUND =
  'The database has lost what was committed, by a failover or a restored copy: sockets of messaging are closed, since their clients have seen it'

/** What this node's subscribers have been notified of. */
export interface Notified {
  version: number
  nextSequence: Map<string, number>
  /** The watch of the account in which it began. */
  watch: number | undefined
}

interface Deps extends Pick<Base, 'store' | 'logger' | 'monotonic'> {
  documents: Pick<Documents, 'keep'>
  isWatched(accountId: string): boolean
  /** What subscribers have of an account's conversations, by id: the oldest version that one of them was sent. */
  shown(accountId: string): ReadonlyMap<string, number>
  notified(accountId: string, conversationId: string): Notified | undefined
  /** Notifies of what `read` finds, when it is the turn of this conversation. */
  deliver(
    accountId: string,
    conversationId: string,
    read: () => Promise<ConversationUpdate>,
  ): Promise<void>
  /** It is not there any more. */
  erased(accountId: string, conversationId: string): void
  /** The database has an older version than one that was shown. */
  rewound(): void
  /** Called when all of the account's conversations have been delivered. */
  caughtUp(accountId: string): void
}

/** Delivers the updates of other nodes that this one was not notified of: one account after the other, until it was possible. */
export interface MissedUpdates extends Disposable {
  add(accountId: string, since: number): void
}

/**
 * An account is read once for all its subscribers: what is shown, by its version; and what began, ended, or is open and was
 * changed since then, of which nothing may be shown yet. Conversations that ended before are not read.
 */
export function openMissedUpdates(deps: Deps): MissedUpdates {
  const { store, logger, monotonic } = deps
  /** Since when, of accounts that somebody here watches. */
  const waiting = new PassingMap<string, number>()
  const queue = openJitteredQueue<string>({
    monotonic,
    logger,
    name: 'Reading missed updates',
    workers: 1,
    spreadMs: SPREAD_MS,
    work: catchUp,
  })

  function note(accountId: string, since: number): void {
    waiting.set(accountId, Math.min(since, waiting.get(accountId) ?? since))
  }

  async function catchUp(accountId: string): Promise<void> {
    const since = waiting.get(accountId)
    waiting.delete(accountId)
    if (since === undefined || !deps.isWatched(accountId)) return
    try {
      const changed = [...(await changedIds(accountId, since))]
      for (const ids of inPages(changed, STATES_AT_ONCE)) {
        const newest = await listStates(store.db, accountId, ids)
        // One by one: what serves requests needs the connections to the database, too.
        for (const one of newest) await deliver(accountId, one, since)
        await monotonic.sleep(PAUSE_MS)
      }
      deps.caughtUp(accountId)
    } catch (error) {
      note(accountId, since)
      throw error
    }
  }

  async function changedIds(accountId: string, since: number): Promise<Set<string>> {
    const changed = new Set<string>()
    for (const { conversationId, version } of await listChangedSince(store.db, accountId, since)) {
      const known = deps.notified(accountId, conversationId)?.version ?? 0
      if (version > known) changed.add(conversationId)
    }
    const shown = deps.shown(accountId)
    let isRewound = false
    for (const ids of inPages([...shown.keys()], VERSIONS_AT_ONCE)) {
      const gone = new Set(ids)
      for (const { conversationId, version } of await listVersions(store.db, accountId, ids)) {
        gone.delete(conversationId)
        const known = shown.get(conversationId) ?? 0
        if (version > known) changed.add(conversationId)
        isRewound ||= version < known
      }
      for (const conversationId of gone) deps.erased(accountId, conversationId)
    }
    if (isRewound) {
      logger.warn(REWOUND)
      deps.rewound()
    }
    return changed
  }

  function deliver(
    accountId: string,
    { version, state }: Versioned<ConversationState>,
    since: number,
  ): Promise<void> {
    const { conversationId } = state
    deps.documents.keep('conversation', accountId, conversationId, { version, state })
    return deps.deliver(accountId, conversationId, async () => {
      const messages = await messagesOf(accountId, state, since)
      return { accountId, conversationId, version, state, messages }
    })
  }

  /** Those that this node has not been notified of: by their numbers, or by time where it has been notified of none. */
  async function messagesOf(
    accountId: string,
    state: ConversationState,
    since: number,
  ): Promise<StoredMessage[]> {
    const { conversationId } = state
    const known = deps.notified(accountId, conversationId)
    const messages: StoredMessage[] = []
    let recent: StoredMessage[] | undefined
    for (const { dialogId, nextSequence } of state.dialogs) {
      const from = known?.nextSequence.get(dialogId)
      if (from === undefined) {
        recent ??= await listMessagesSince(store.db, accountId, conversationId, since)
        messages.push(...recent.filter((message) => message.dialogId === dialogId))
      } else if (from < nextSequence) {
        const range = { conversationId, dialogId, from, limit: nextSequence - from }
        messages.push(...(await listMessages(store.db, accountId, range)))
      }
    }
    return messages
  }

  return {
    add(accountId, since) {
      note(accountId, since)
      queue.add(accountId)
    },
    [Symbol.dispose]: () => queue[Symbol.dispose](),
  }
}
