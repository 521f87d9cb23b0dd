import { dirname } from 'node:path'
import { findProject, inputOf } from '@parley/server/local-project'
import { functionsFolder, listFolders } from '../local-world/list-folders.ts'
import { nameOf } from '../save-function.ts'

/**
 * What a function of a project is run with: the payload of its `config.json`, else the sample of its event.
 * @param dataDir of the world that runs the project
 * @returns `undefined` for a function that the project does not have
 */
export async function configuredPayload(name: string, dataDir: string): Promise<unknown> {
  const folder = dirname(dataDir)
  for (const own of listFolders(folder)) {
    const project = await findProject(own, functionsFolder(folder))
      .then((found) => (nameOf(found) === name ? found : undefined))
      // What is wrong with another one is said when it is deployed.
      .catch(() => undefined)
    if (project) return inputOf(project, {}).payload
  }
  return undefined
}
