import * as z from 'zod'
import type { Http } from '#base/http'
import { openEventStreams } from '#base/kit'
import type { ReplayJobsDeps } from './deps.ts'
import { breakJob, runSlice } from './run-slice.ts'
import { replayJobRoutes } from './routes.ts'
import { JOB_TIMER } from './timer.ts'

/** Of a node, one of each account: what calls wait for is never taken by jobs. */
const JOBS_AT_ONCE = 2

/** Repeats many runs in the background: each job goes on where it stopped, whichever node dies. */
export function openReplayJobs(given: Omit<ReplayJobsDeps, 'streams'>) {
  const streams = openEventStreams(given)
  const deps: ReplayJobsDeps = { ...given, streams }
  deps.delivery.onTimer({
    kind: JOB_TIMER,
    workers: JOBS_AT_ONCE,
    facts: z.object({}),
    fire: (timer) => runSlice(deps, timer),
    exhausted: { goOn: (timer, { cause }) => breakJob(deps, timer, cause) },
  })
  return {
    /** To be called when the server begins to stop: open streams would delay it. */
    beginStop: () => streams[Symbol.dispose](),
    routes: (http: Http) => replayJobRoutes(http, deps),
  }
}
