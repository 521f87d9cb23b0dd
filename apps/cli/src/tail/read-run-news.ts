import { call, type Session } from '@parley/client'
import { listInvocations, type WholeInvocation } from '@parley/contract'
import type { Activity } from './activity.ts'

/** A run is stored when it has ended, and found by when it began. Two time limits of a function. */
const OVERLAP_MS = 60_000
const MAX_PAGE = 200
/** So many runs are read whenever there is news, the newest first, and further ones only where some were not shown yet. */
const READ_AGAIN = 1000
/** Ids of runs that were shown; more runs than these are not read at once, such as after a long time without a connection. */
const MAX_SHOWN = 10_000

/** Reads runs that are in the timeline of no messaging conversation, each once: called directly, by a schedule, for a live chat. */
export interface RunNews {
  /**
   * Shows what is new.
   * @param conversationId only what ran for this live chat; absent: what no conversation has caused
   */
  read(of: { functionId?: string | undefined; conversationId?: string | undefined }): Promise<void>
}

/**
 * @param since in milliseconds of domain time: what was before is not shown
 * @param first of what is read first; what is there already counts as shown
 */
export async function openRunNews(
  session: () => Session,
  since: number,
  first: Parameters<RunNews['read']>[0],
  show: (activity: Activity) => void,
): Promise<RunNews> {
  const shown = new Set<string>()
  let newest = since

  /** What was not shown yet, oldest first. */
  async function readNew(of: Parameters<RunNews['read']>[0]): Promise<WholeInvocation[]> {
    const from = new Date(newest - OVERLAP_MS).toISOString()
    const found: WholeInvocation[] = []
    const isFresh = (run: WholeInvocation) =>
      run.conversationId === of.conversationId && !shown.has(run.recordId)
    let after: string | undefined
    while (found.length < MAX_SHOWN) {
      const query = { ...of, from, after, limit: MAX_PAGE }
      const page = await call(session(), listInvocations, { query })
      found.unshift(...page.invocations)
      after = page.next
      if (after === undefined) break
      if (found.length >= READ_AGAIN && !page.invocations.some(isFresh)) break
    }
    const fresh = found.filter(isFresh)
    for (const { recordId, startedAt } of fresh) {
      shown.add(recordId)
      newest = Math.max(newest, Date.parse(startedAt))
      const [oldest] = shown
      if (shown.size > MAX_SHOWN && oldest !== undefined) shown.delete(oldest)
    }
    return fresh
  }

  await readNew(first)
  return {
    async read(of) {
      for (const run of await readNew(of)) {
        const { conversationId, startedAt: at } = run
        show({ ...(conversationId && { conversationId }), entry: { kind: 'run', at, run } })
      }
    },
  }
}
