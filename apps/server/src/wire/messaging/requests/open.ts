import { withDeps } from '#base/kernel'
import { openConversationLimit } from './conversation-limit.ts'
import type { Deps, OuterDeps } from './deps.ts'
import * as answering from './answer-request.ts'

export type Requests = ReturnType<typeof openRequests>

/** Answers the requests of the published messaging protocol. */
export function openRequests(outer: OuterDeps) {
  const { monotonic, perAddress } = outer
  const countOpening = openConversationLimit(monotonic, perAddress.conversationsPerMinute)
  const deps: Deps = { ...outer, countOpening }
  return withDeps(deps, answering)
}
