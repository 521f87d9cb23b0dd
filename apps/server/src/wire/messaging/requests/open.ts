import { withDeps } from '#base/kernel'
import { openFewAtOnce } from '#base/kit'
import { openConversationLimit } from './conversation-limit.ts'
import type { Deps, OuterDeps } from './deps.ts'
import * as answering from './answer-request.ts'

/** Of one account. All agents of a node that has ended come to another one at once, and each may be sent a thousand conversations. */
const LISTS_AT_ONCE = 4

export type Requests = ReturnType<typeof openRequests>

/** Answers the requests of the published messaging protocol. */
export function openRequests(outer: OuterDeps) {
  const { monotonic, perAddress } = outer
  const countOpening = openConversationLimit(monotonic, perAddress.conversationsPerMinute)
  const deps: Deps = { ...outer, countOpening, lists: openFewAtOnce(LISTS_AT_ONCE) }
  return withDeps(deps, answering)
}
