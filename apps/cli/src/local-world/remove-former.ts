import { call, type Session } from '@parley/client'
import { deleteFunction, listFunctions, undeployFunction } from '@parley/contract'
import type { DeployedFolders } from './deployed-folders.ts'
import type { FolderNames } from './folder-names.ts'
import { listFolders } from './list-folders.ts'

/**
 * Removes the functions of folders that are gone, and what folders were before they got another name. A function stays where
 * another folder has its name now: that one is the function once it can be deployed.
 * @returns the names of those that were removed
 */
export async function removeFormer(
  session: Session,
  { folder, deployed, names }: { folder: string; deployed: DeployedFolders; names: FolderNames },
): Promise<string[]> {
  const former = deployed.formerOf(listFolders(folder))
  if (former.length === 0) return []
  const taken = await names.readAll()
  const { functions } = await call(session, listFunctions)
  const removed: string[] = []
  for (const functionId of former) {
    const found = functions.find((one) => one.functionId === functionId)
    if (found && taken.has(found.name)) continue
    if (found) {
      const params = { functionId }
      if (found.liveVersion !== undefined) await call(session, undeployFunction, { params })
      await call(session, deleteFunction, { params })
      removed.push(found.name)
    }
    deployed.forget(functionId)
  }
  return removed
}
