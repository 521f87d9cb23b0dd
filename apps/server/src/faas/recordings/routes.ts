import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { getRecording, type ReadDeps } from './read.ts'

/** The native API of this module. */
export function recordingRoutes({ app }: Http, deps: ReadDeps): void {
  route(app, contract.getRecording, ({ params }) =>
    getRecording(deps, params.accountId, params.recordId),
  )
}
