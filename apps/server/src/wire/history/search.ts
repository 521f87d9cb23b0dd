import type * as z from 'zod'
import { invalid } from '#base/kernel'
import type { ConversationSearch } from '#messaging/reading'
import type { searchConversations } from './specs.ts'

type Filter = z.infer<typeof searchConversations.body>
type Range = Filter['start']

const MAX_SPAN_MS = 93 * 24 * 3600_000
/** The end of an interval that is not over. */
const OPEN_END = -1
/** Where conversations come from. */
const SOURCE = 'APP'

/**
 * What is wanted, by a published filter.
 * @throws ParleyError `invalid_request` for an interval that is too long
 */
export function searchOf(filter: Filter, now: number): ConversationSearch {
  const { end, fullDialogEndTime, keyword, latestUpdateTime, source } = filter
  const until = ({ from, to }: Range) => ({ from, to: to === OPEN_END ? now : to })
  const start = until(filter.start)
  if (start.to - start.from > MAX_SPAN_MS) {
    throw invalid('body.start', 'must span at most three months')
  }
  const ends = [end, fullDialogEndTime].flatMap((range) => (range ? [until(range)] : []))
  const isElsewhere = source?.length && !source.some((name) => name.toUpperCase() === SOURCE)
  return {
    start,
    end:
      ends.length === 0
        ? undefined
        : {
            from: Math.max(...ends.map(({ from }) => from)),
            to: Math.min(...ends.map(({ to }) => to)),
          },
    changedSince: latestUpdateTime?.from,
    steppedUp: filter.conversationsWithStepUpOnly,
    status: filter.status,
    skillIds: filter.skillIds,
    latestSkillIds: filter.latestSkillIds,
    agentIds: filter.agentIds,
    latestAgentIds: filter.latestAgentIds,
    texts: keyword === undefined ? undefined : [keyword],
    device: filter.device,
    duration: filter.duration,
    csat: filter.csat,
    latestConversationQueueState: filter.latestConversationQueueState,
    ...(isElsewhere && { conversationIds: [] }),
  }
}
