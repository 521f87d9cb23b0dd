import type { UpdateTopic } from '@parley/contract'
import type { Reader } from '#messaging/reading'
import type { UpdatesDeps } from './deps.ts'
import type { Changed } from './waiting-updates.ts'

/** What was committed before a place may have become known after it: the clocks of nodes differ, and a commit takes its time. */
const MARGIN_MS = 10_000
/** A run is stored when it has ended, and found by when it began: four time limits of a function. */
const MAX_RUN_MS = 120_000
/** Whoever was away for longer reads the lists again. */
const MAX_AWAY_MS = 10 * 60_000
/** The same for more changes. */
const MAX_NAMED = 500

interface Since {
  topics: readonly UpdateTopic[]
  /** In domain time. */
  since: number
  reader: Reader
}

/** What tells of their changes is kept by no node. */
const UNHEARD = new Set<UpdateTopic>(['conversations', 'agents', 'board'])

/** What decides which conversations a reader may see. */
const SIGHT = ['users', 'skills'] as const satisfies readonly UpdateTopic[]

/** Names what may have changed since a reader was here: conversations and runs one by one, if they are not too many; of others the topic. */
export async function addChangesSince(
  { clock, heard, reading, records }: Pick<UpdatesDeps, 'clock' | 'heard' | 'reading' | 'records'>,
  accountId: string,
  { topics, since, reader }: Since,
  add: (changed: Changed) => void,
): Promise<void> {
  const isLong = clock.now() - since > MAX_AWAY_MS
  const mayHaveChanged = (topic: UpdateTopic) =>
    heard.mayHaveChanged(accountId, topic, since - MARGIN_MS)
  // The reader may have got, or lost, skills or a role: then it sees others, of which none has changed.
  const hasOtherSight = SIGHT.some(mayHaveChanged)
  const limit = MAX_NAMED + 1
  for (const topic of topics) {
    if (!UNHEARD.has(topic) && !mayHaveChanged(topic)) continue
    if (topic === 'conversations' && !isLong && !hasOtherSight) {
      const window = { since: since - MARGIN_MS, limit }
      const changed = await reading.listChangedConversations(accountId, reader, window)
      if (changed.length > MAX_NAMED) add({ topic })
      else
        for (const { conversationId: id, version } of changed) add({ topic, id, revision: version })
    } else if (topic === 'runs' && !isLong) {
      const window = { since: new Date(since - MARGIN_MS - MAX_RUN_MS), limit }
      const runs = await records.listRunsSince(accountId, window)
      if (runs.length > MAX_NAMED) add({ topic })
      else {
        for (const { functionId: id, conversationId } of runs) {
          add({ topic, id, ...(conversationId !== null && { conversationId }) })
        }
      }
    } else add({ topic })
  }
}
