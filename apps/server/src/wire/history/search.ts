import type * as z from 'zod'
import { invalid } from '#base/kernel'
import type { ConversationSearch } from '#messaging/reading'
import { MAX_SPAN_MS, type searchConversations, SPAN } from './specs.ts'

type Filter = z.infer<typeof searchConversations.body>
type Range = Filter['start']

/** The end of an interval that is not over. */
const OPEN_END = -1
/** Where conversations come from. */
const SOURCE = 'APP'

/**
 * What is wanted, by a published filter.
 * @throws ParleyError `invalid_request` for an interval without an end that is too long by now
 */
export function searchOf(filter: Filter, now: number): ConversationSearch {
  const { end, fullDialogEndTime, keyword, latestUpdateTime, source } = filter
  const until = ({ from, to }: Range) => ({ from, to: to === OPEN_END ? now : to })
  const start = until(filter.start)
  if (start.to - start.from > MAX_SPAN_MS) throw invalid('body.start', SPAN)
  const ends = [end, fullDialogEndTime].flatMap((range) => (range ? [until(range)] : []))
  const isElsewhere = source?.every((name) => name.toUpperCase() !== SOURCE) && source.length > 0
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
