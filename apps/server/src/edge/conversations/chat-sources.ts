import type { CHAT_TIMELINE_KINDS, ChatTimelineEntry } from '@parley/contract'
import type { ChatState } from '#chat/live-chat'
import type { HistoryDeps } from './deps.ts'
import type { Placed, Source, SourceRange } from './page-entries.ts'
import { instant } from './shapes.ts'

type Entry = ChatTimelineEntry

/** What happened in a live chat and because of it, by kind. */
export function chatSourcesOf(
  { chats, records }: Pick<HistoryDeps, 'chats' | 'records'>,
  accountId: string,
  { chatId, startedAt, survey }: ChatState,
): Record<(typeof CHAT_TIMELINE_KINDS)[number], Source<Entry>> {
  return {
    async started(range) {
      return once(range, { kind: 'started', at: instant(startedAt) })
    },
    async entry({ after, ...range }) {
      const place = after && { at: after.at, sequence: Number(after.place[0]) }
      const entries = await chats.entries(accountId, chatId, { ...range, after: place })
      return entries.map((entry) => {
        const { at, sequence } = entry
        return { at: Date.parse(at), place: [sequence], entry: { kind: 'entry', at, entry } }
      })
    },
    async survey(range) {
      const submitted = survey?.submitted
      if (!submitted) return []
      const { at, ...answers } = submitted
      return once(range, { kind: 'survey', at: instant(at), ...answers })
    },
    async run({ after, ...range }) {
      const place = after && { at: after.at, recordId: after.place[0] ?? '' }
      const runs = await records.listRunsOf(accountId, chatId, { ...range, after: place })
      return runs.map((run) => {
        const at = Date.parse(run.startedAt)
        return { at, place: [run.recordId], entry: { kind: 'run', at: instant(at), run } }
      })
    },
    async decision(range) {
      const decision = await chats.decision(accountId, chatId)
      if (!decision) return []
      return once(range, { kind: 'decision', at: decision.decidedAt, decision })
    },
    async mail({ after, ...range }) {
      const place = after && { at: after.at, mailId: after.place[0] ?? '' }
      const mails = await chats.mails(accountId, chatId, { ...range, after: place })
      return mails.map((mail) => {
        const at = Date.parse(mail.createdAt)
        return { at, place: [mail.mailId], entry: { kind: 'mail', at: mail.createdAt, mail } }
      })
    },
  }
}

/** What happens at most once in a chat. */
function once({ from = 0, to = Infinity, after }: SourceRange, entry: Entry): Placed<Entry>[] {
  const at = Date.parse(entry.at)
  return at >= from && at < to && !(after && after.at >= at) ? [{ at, place: [], entry }] : []
}
