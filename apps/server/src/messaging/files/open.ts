import { matchPath } from '#base/http'
import { attachFile, getAttachment } from './attach.ts'
import type { FileDeps, FileGrant } from './deps.ts'
import { grantDownload, grantUpload } from './grant.ts'
import { eraseFilesOf, type Gone } from './repository.ts'
import { serveDownload } from './serve-download.ts'
import { serveSignIn } from './sign-in.ts'
import { serveUpload } from './serve-upload.ts'

/** Files that participants of conversations send each other. */
export interface Files {
  grantUpload(
    accountId: string,
    file: { ownerId: string; fileSize: number; fileType: string },
  ): Promise<FileGrant>
  grantDownload(accountId: string, relativePath: string): Promise<FileGrant>
  /** Notes in which conversation a file was sent; throws `not_found` unless its sender has uploaded it. */
  attach(
    accountId: string,
    file: { relativePath: string; ownerId: string; conversationId: string },
  ): Promise<void>
  /** Who uploaded a file and in which conversation it was sent. */
  attachment(
    accountId: string,
    relativePath: string,
  ): Promise<{ ownerId: string; conversationId: string | undefined }>
  erase(accountId: string, gone: Gone): Promise<void>
}

const PATH = '/v1/AUTH_async-images/:accountId/:name'

/** Serves uploads and downloads at the paths of the published object store. */
export function openFiles(deps: FileDeps): Files {
  const { http } = deps
  const match = matchPath(PATH)
  http.hot('PUT', match, (call) => serveUpload(deps, call))
  http.hot('GET', match, (call) => serveDownload(deps, call))
  http.hot('GET', matchPath('/auth/v1.0'), (call) => serveSignIn(deps, call))
  return {
    grantUpload: (...args) => grantUpload(deps, ...args),
    grantDownload: (...args) => grantDownload(deps, ...args),
    attach: (...args) => attachFile(deps, ...args),
    attachment: (...args) => getAttachment(deps, ...args),
    erase: (...args) => eraseFilesOf(deps.store.db, ...args),
  }
}
