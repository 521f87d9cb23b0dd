import type { Store } from '#base/store'
import type { Documents } from './documents.ts'

/** What the reads of this module need. */
export interface ReadingDeps {
  store: Store
  documents: Documents
}
