export { changeDocument, type ChangeDocumentDeps } from './change-document.ts'
export { findDocument } from './find-document.ts'
export { type KeyedQueue, openKeyedQueue, runInAll } from './keyed-queue.ts'
export { retryStale } from './retry-stale.ts'
