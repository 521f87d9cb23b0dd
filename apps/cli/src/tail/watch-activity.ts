import type { Session } from '@parley/client'
import type { WatchOptions } from './activity.ts'
import { watchConversations } from './watch-conversations.ts'
import { watchLogs } from './watch-logs.ts'

/**
 * Shows what happens in the conversations that a user may see, and what functions log, until `signal` aborts. Takes up lost
 * connections again and shows what has happened meanwhile, each entry once.
 * @param session a session, a new one when the former has run out
 * @throws {RequestError} when the user may not read this
 */
export async function watchActivity(
  session: () => Promise<Session>,
  options: Omit<WatchOptions, 'lost' | 'back'> & { note(text: string): void },
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([options.signal, failed.signal])
  let isLost = false
  const shared: WatchOptions = {
    ...options,
    signal,
    lost() {
      if (!isLost) options.note('connection lost, trying again')
      isLost = true
    },
    back() {
      if (isLost) options.note('connected again')
      isLost = false
    },
  }
  try {
    await Promise.all([watchLogs(session, shared), watchConversations(session, shared)])
  } finally {
    failed.abort()
  }
}
