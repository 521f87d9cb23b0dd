import { withDeps } from '#base/kernel'
import type { Deps } from './deps.ts'
import * as answering from './answer-request.ts'

export type Requests = ReturnType<typeof openRequests>

/** Answers the requests of the published messaging protocol. */
export function openRequests(deps: Deps) {
  return withDeps(deps, answering)
}
