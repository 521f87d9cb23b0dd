import { existsSync, watch } from 'node:fs'
import { sep } from 'node:path'
import { functionsFolder, listFolders } from '../local-world/list-folders.ts'

/** Editors write a file in several steps: so long nothing must happen before it is read. */
const CALM_MS = 100

interface ProjectListener {
  /** A function was made or saved. */
  saved(name: string): Promise<void>
  /** The folder of a function is gone. */
  removed(name: string): Promise<void>
  settingsSaved(): Promise<void>
}

/**
 * Calls the listener for what changes in a project from now on, one call after the other. What changes meanwhile is called again.
 * @param begun nothing is called before it has resolved
 */
export function watchProject(
  folder: string,
  listener: ProjectListener,
  begun: Promise<void>,
): AsyncDisposable {
  const base = functionsFolder(folder)
  const changed = new Set<string>()
  let known = new Set(listFolders(folder))
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = begun

  async function takeUp(name: string): Promise<void> {
    if (name === 'settings.json') return listener.settingsSaved()
    const present = new Set(listFolders(folder))
    const wasKnown = known.has(name)
    known = present
    if (present.has(name)) return listener.saved(name)
    if (wasKnown) return listener.removed(name)
  }

  async function work(): Promise<void> {
    for (const name of changed) {
      // What is saved from here on is taken up again.
      changed.delete(name)
      if (existsSync(base)) await takeUp(name)
    }
  }

  const watcher = watch(base, { recursive: true }, (_kind, path) => {
    const [name] = path?.split(sep) ?? []
    if (!name) return
    changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(() => {
      working = working.then(work)
    }, CALM_MS)
  })
  return {
    async [Symbol.asyncDispose]() {
      watcher.close()
      clearTimeout(timer)
      await working
    },
  }
}
