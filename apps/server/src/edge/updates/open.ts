import { hearChanges } from '#base/changes'
import type { Http } from '#base/http'
import { openEventStreams } from '#base/kit'
import type { OpenUpdatesDeps, UpdatesDeps } from './deps.ts'
import { updateRoutes } from './routes.ts'

/** One stream for each reader, of names of what changes in the account. */
export function openUpdateStreams(base: OpenUpdatesDeps) {
  const streams = openEventStreams(base)
  const heard = hearChanges(base.store, () => base.clock.now())
  const deps: UpdatesDeps = { ...base, streams, heard }
  return {
    /** To be called when the server begins to stop: open streams would delay it. */
    beginStop: () => streams[Symbol.dispose](),
    routes: (http: Http): void => updateRoutes(http, deps),
    [Symbol.dispose]: () => heard[Symbol.dispose](),
  }
}
