import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { cancelReplayJob, resumeReplayJob } from './control.ts'
import type { ReplayJobsDeps } from './deps.ts'
import { getReplayedRun, getReplayJob, listReplayedRuns, listReplayJobs } from './read.ts'
import { startReplayJob } from './start.ts'
import { watchReplayJob } from './watch.ts'

/** The native API of this module. */
export function replayJobRoutes({ app }: Http, deps: ReplayJobsDeps): void {
  route(app, contract.startReplayJob, ({ params, body, principal }) =>
    startReplayJob(deps, params.accountId, principal.name, params.functionId, body),
  )
  route(app, contract.listReplayJobs, async ({ params, query }) => ({
    jobs: await listReplayJobs(deps, params.accountId, query.functionId),
  }))
  route(app, contract.getReplayJob, ({ params }) =>
    getReplayJob(deps, params.accountId, params.jobId),
  )
  route(app, contract.watchReplayJob, ({ params, reply }) =>
    watchReplayJob(deps, params.accountId, params.jobId, reply),
  )
  route(app, contract.listReplayedRuns, ({ params, query }) =>
    listReplayedRuns(deps, params.accountId, params.jobId, query),
  )
  route(app, contract.getReplayedRun, ({ params }) =>
    getReplayedRun(deps, params.accountId, params.jobId, params.recordId),
  )
  route(app, contract.cancelReplayJob, ({ params }) =>
    cancelReplayJob(deps, params.accountId, params.jobId),
  )
  route(app, contract.resumeReplayJob, ({ params }) =>
    resumeReplayJob(deps, params.accountId, params.jobId),
  )
}
