import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import type { RecordingsDeps } from './deps.ts'
import { eraseRecordings } from './erase.ts'
import { openQueue } from './queue.ts'
import { findWhole } from './read.ts'
import { inRow } from './row-trace.ts'
import { recordingRoutes } from './routes.ts'

/** What replays of runs need: written off the path of calls, read with its own right. */
export type Recordings = ReturnType<typeof openRecordings>

export function openRecordings(given: RecordingsDeps) {
  const queue = openQueue(given)
  const deps = { ...given, queue }
  return {
    add: queue.add,
    flush: queue.flush,
    ...withDeps(deps, { find: findWhole, inRow, erase: eraseRecordings }),
    routes: (http: Http) => recordingRoutes(http, deps),
    [Symbol.asyncDispose]: () => queue[Symbol.asyncDispose](),
  }
}
