import { findProject } from '@parley/server/local-project'
import { nameOf } from '../save-function.ts'
import { functionsFolder, listFolders } from './list-folders.ts'

/** What the functions of the folders of a project are called. */
export type FolderNames = ReturnType<typeof openFolderNames>

/** Each folder is read once, and again when another one seems to be called the same. */
export function openFolderNames(folder: string) {
  let known: Map<string, string> | undefined

  async function refuseSecond(own: string, name: string): Promise<void> {
    known ??= await namesOf(folder)
    known.set(own, name)
    for (const [other, called] of known) {
      if (other === own || called !== name) continue
      const now = await nameOfFolder(folder, other)
      if (now === name) {
        throw new Error(
          `functions/${own} and functions/${other} are both called "${name}": give one another name in its config.json`,
        )
      }
      if (now === undefined) known.delete(other)
      else known.set(other, now)
    }
  }

  return {
    /**
     * Who copies a folder copies the name in its `config.json`: each of the two would be the function in turn.
     * @throws an `Error` that names both folders
     */
    refuseSecond,
    /** As they are on disk now. */
    readAll: async () => new Set((await namesOf(folder)).values()),
  }
}

async function namesOf(folder: string): Promise<Map<string, string>> {
  const names = new Map<string, string>()
  for (const own of listFolders(folder)) {
    const name = await nameOfFolder(folder, own)
    if (name !== undefined) names.set(own, name)
  }
  return names
}

async function nameOfFolder(folder: string, own: string): Promise<string | undefined> {
  try {
    return nameOf(await findProject(own, functionsFolder(folder)))
  } catch {
    // It is gone, or what is wrong with it is said when it is deployed.
    return undefined
  }
}
