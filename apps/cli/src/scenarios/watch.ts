import { watch } from 'node:fs/promises'
import { sep } from 'node:path'

/** Folders whose changes are nobody's edits. */
const IGNORED = new Set(['node_modules', '.parley', '.git'])
const KINDS = /\.(?:js|ts|json|ya?ml)$/
/** Editors save in several steps. */
const QUIET_MS = 100

/** Yields once for each time that sources or scenarios below a folder were saved. */
export async function* changesIn(folder: string): AsyncGenerator<void> {
  let isChanged = false
  let wake = Promise.withResolvers<void>()
  void (async () => {
    for await (const { filename } of watch(folder, { recursive: true })) {
      if (filename === null || filename.split(sep).some((part) => IGNORED.has(part))) continue
      if (!KINDS.test(filename)) continue
      isChanged = true
      setTimeout(() => wake.resolve(), QUIET_MS)
    }
  })().catch((cause: unknown) => wake.reject(cause))
  for (;;) {
    await wake.promise
    wake = Promise.withResolvers<void>()
    if (!isChanged) continue
    isChanged = false
    yield
  }
}
