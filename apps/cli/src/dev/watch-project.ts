import { existsSync, type FSWatcher, watch } from 'node:fs'
import { basename, sep } from 'node:path'
import { functionsFolder, listFolders } from '../local-world/list-folders.ts'

/** Editors write a file in several steps: so long nothing must happen before it is read. */
const CALM_MS = 100
const SETTINGS = 'settings.json'

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
  const known = new Set(listFolders(folder))
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> = begun

  async function takeUp(name: string): Promise<void> {
    if (name === SETTINGS) return listener.settingsSaved()
    if (listFolders(folder).includes(name)) {
      known.add(name)
      return listener.saved(name)
    }
    if (known.delete(name)) return listener.removed(name)
  }

  async function work(): Promise<void> {
    for (const name of changed) {
      // What is saved from here on is taken up again.
      changed.delete(name)
      if (existsSync(base)) await takeUp(name)
    }
  }

  function note(...names: readonly string[]): void {
    for (const name of names) changed.add(name)
    clearTimeout(timer)
    timer = setTimeout(() => {
      working = working.then(work)
    }, CALM_MS)
  }

  function watchInside(): FSWatcher {
    return watch(base, { recursive: true }, (_kind, path) => {
      const [name] = path?.split(sep) ?? []
      if (name) note(name)
    })
  }

  let inside: FSWatcher | undefined = watchInside()
  // A folder that was made anew, as by the change of a branch, is another one: nothing of it would be heard.
  const outside = watch(folder, (_kind, path) => {
    if (path !== basename(base)) return
    inside?.close()
    inside = existsSync(base) ? watchInside() : undefined
    if (inside) note(SETTINGS, ...known, ...listFolders(folder))
  })
  return {
    async [Symbol.asyncDispose]() {
      outside.close()
      inside?.close()
      clearTimeout(timer)
      await working
    },
  }
}
