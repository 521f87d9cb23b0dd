import type { ConversationState, TIMELINE_KINDS, TimelineEntry } from '@parley/contract'
import { eventsOf } from './conversation-events.ts'
import type { HistoryDeps } from './deps.ts'
import type { Source } from './page-entries.ts'
import { instant, messageEntry } from './shapes.ts'
import type { Viewer } from './viewer.ts'

export function sourcesOf(
  { reading, records }: Pick<HistoryDeps, 'reading' | 'records'>,
  accountId: string,
  { reader }: Viewer,
  state: ConversationState,
): Record<(typeof TIMELINE_KINDS)[number], Source<TimelineEntry>> {
  const { conversationId } = state
  return {
    async event({ from = 0, to = Infinity, after, limit }) {
      return eventsOf(state)
        .filter(({ at, place }) => {
          const isBehind = !after || at > after.at || place > (after.place[0] ?? '')
          return at >= from && at < to && at >= (after?.at ?? 0) && isBehind
        })
        .slice(0, limit)
        .map(({ at, place, entry }) => ({ at, place: [place], entry }))
    },
    async message({ after, ...range }) {
      const [dialogId = '', sequence = ''] = after?.place ?? []
      const place = after && { at: after.at, dialogId, sequence: Number(sequence) }
      const wanted = { ...range, after: place }
      const messages = await reading.readMessagesByTime(accountId, reader, conversationId, wanted)
      return messages.map((message) => ({
        at: message.at,
        place: [message.dialogId, message.sequence],
        entry: messageEntry(message),
      }))
    },
    async run({ after, ...range }) {
      const [recordId = ''] = after?.place ?? []
      const place = after && { at: after.at, recordId }
      const runs = await records.listRunsOf(accountId, conversationId, { ...range, after: place })
      return runs.map((run) => {
        const at = Date.parse(run.startedAt)
        return { at, place: [run.recordId], entry: { kind: 'run', at: instant(at), run } }
      })
    },
  }
}
