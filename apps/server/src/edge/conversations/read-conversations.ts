import type {
  ConversationState,
  ConversationSummary,
  listConversations,
  WholeConversation,
} from '@parley/contract'
import type { z } from 'zod'
import { readCursor, writeCursor } from './cursor.ts'
import type { HistoryDeps } from './deps.ts'
import { summaryOf, wholeOf } from './shapes.ts'
import type { Viewer } from './viewer.ts'

type ListQuery = z.output<typeof listConversations.query>

const CURSOR = /^\d{1,15}\.[^.]{1,400}$/
const END_OF_TIME = 8.64e15

/** One page of what the viewer may see, the newest first. */
export async function listSummaries(
  deps: HistoryDeps,
  accountId: string,
  { reader, seesRuns }: Viewer,
  { state, skillId, agentId, consumerId, text, from, to, after, limit }: ListQuery,
): Promise<{ conversations: ConversationSummary[]; next?: string }> {
  const { found, next } = await deps.reading.pageConversations(accountId, reader, {
    status: state && [state],
    latestSkillIds: skillId,
    agentIds: agentId,
    ...(consumerId !== undefined && { consumerId }),
    keyword: text,
    start: {
      from: from === undefined ? 0 : Date.parse(from),
      // The filter's end is inclusive.
      to: to === undefined ? END_OF_TIME : Date.parse(to) - 1,
    },
    after: after === undefined ? undefined : placeOf(after),
    limit,
  })
  const ids = found.map(({ conversationId }) => conversationId)
  const runs = seesRuns ? await deps.records.countRunsOf(accountId, ids) : undefined
  return {
    conversations: found.map((one) => summaryOf(one, runsOf(runs, one))),
    ...(next && { next: writeCursor(next.startedAt, next.conversationId) }),
  }
}

/** @throws ParleyError `conversation_not_found`, also for one that the viewer may not see */
export async function getWhole(
  deps: HistoryDeps,
  accountId: string,
  { reader, seesRuns }: Viewer,
  conversationId: string,
): Promise<WholeConversation> {
  const state = await deps.reading.getConversation(accountId, reader, conversationId)
  const runs = seesRuns
    ? await deps.records.countRunsOf(accountId, [state.conversationId])
    : undefined
  return wholeOf(state, runsOf(runs, state))
}

type Runs = NonNullable<ConversationSummary['runs']>

/** Absent for who may not see runs. */
function runsOf(
  counted: ReadonlyMap<string, Runs> | undefined,
  { conversationId }: ConversationState,
): Runs | undefined {
  return counted && (counted.get(conversationId) ?? { total: 0, failed: 0 })
}

function placeOf(cursor: string) {
  const [startedAt, conversationId = ''] = readCursor(cursor, CURSOR)
  return { startedAt: Number(startedAt), conversationId }
}
