import { type readTimeline as contract, TIMELINE_KINDS, type TimelineEntry } from '@parley/contract'
import type * as z from 'zod'
import type { HistoryDeps } from './deps.ts'
import { pageEntries } from './page-entries.ts'
import { sourcesOf } from './timeline-sources.ts'
import { type Viewer, wantedBy } from './viewer.ts'

type TimelineQuery = z.output<typeof contract.query>

const CURSOR = new RegExp(
  String.raw`^\d{1,15}\.(event\.[\w%-]{1,100}|message\.[^.]{1,400}\.\d{1,9}|run\.[0-9a-f-]{36})$`,
)

/** One page of what happened, was said and ran in a conversation, oldest first. */
export async function readTimeline(
  deps: HistoryDeps,
  accountId: string,
  viewer: Viewer,
  conversationId: string,
  { kind, ...page }: TimelineQuery,
): Promise<{ entries: TimelineEntry[]; next?: string }> {
  const wanted = wantedBy(viewer, TIMELINE_KINDS, kind)
  const state = await deps.reading.getConversation(accountId, viewer.reader, conversationId)
  return pageEntries(sourcesOf(deps, accountId, viewer, state), {
    ...page,
    order: TIMELINE_KINDS,
    wanted,
    shape: CURSOR,
  })
}
