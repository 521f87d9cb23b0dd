import { watch } from 'node:fs'
import { sep } from 'node:path'

/** Folders whose changes are nobody's edits. */
const IGNORED = new Set(['node_modules', '.parley', '.git'])
const KINDS = /\.(?:js|ts|json|ya?ml)$/
/** Editors save in several steps. */
const QUIET_MS = 100

/** What is saved below a folder. */
export interface SavedSources extends Disposable {
  /** Resolves when sources or scenarios were saved since it resolved last. */
  next(): Promise<void>
}

/** Watches from this call on: what is saved before the first `next` counts, too. */
export function watchSources(folder: string): SavedSources {
  let saved = Promise.withResolvers<void>()
  let quiet: NodeJS.Timeout | undefined
  const watcher = watch(folder, { recursive: true }, (_kind, filename) => {
    if (filename === null || filename.split(sep).some((part) => IGNORED.has(part))) return
    if (!KINDS.test(filename)) return
    clearTimeout(quiet)
    quiet = setTimeout(() => saved.resolve(), QUIET_MS)
  })
  watcher.once('error', (cause) => saved.reject(cause))
  return {
    async next() {
      await saved.promise
      saved = Promise.withResolvers<void>()
    },
    [Symbol.dispose]() {
      watcher.close()
      clearTimeout(quiet)
    },
  }
}
