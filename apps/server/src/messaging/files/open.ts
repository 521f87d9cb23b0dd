import { type Http, matchPath } from '#base/http'
import { withDeps } from '#base/kernel'
import * as attachments from './attach.ts'
import type { FileDeps } from './deps.ts'
import * as ending from './end-old.ts'
import * as erasing from './erase.ts'
import { FILE_ERRORS, forPages, servePreflight } from './for-pages.ts'
import * as grants from './grant.ts'
import { serveDownload } from './serve-download.ts'
import { serveSignIn } from './sign-in.ts'
import { serveUpload } from './serve-upload.ts'
import { openTransfers } from './transfers.ts'

/** Files that participants of conversations send each other. */
export type Files = ReturnType<typeof openFiles>

const PATH = '/v1/AUTH_async-images/:accountId/:name'

export function openFiles(deps: FileDeps) {
  return {
    ...withDeps(deps, { ...grants, ...attachments, ...erasing, ...ending }),
    /** Uploads and downloads, at the paths of the published object store. */
    routes(http: Http): void {
      const match = matchPath(PATH)
      const serving = { ...deps, clientAddress: http.clientAddress, transfers: openTransfers() }
      http.speak(FILE_ERRORS)
      const put = forPages((call) => serveUpload(serving, call))
      const get = forPages((call) => serveDownload(serving, call))
      http.hot('PUT', match, put)
      http.hot('GET', match, get)
      http.hot('OPTIONS', match, servePreflight)
      http.hot('GET', matchPath('/auth/v1.0'), (call) => serveSignIn(deps, http, call))
    },
  }
}
