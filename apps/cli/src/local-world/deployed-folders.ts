import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import * as z from 'zod'

/** `project` is seen from the data folder: others may have been run on the same data. */
const DeployedFile = z.array(
  z.object({ project: z.string(), folder: z.string(), functionId: z.string() }),
)

/** Which functions were deployed of which folders of a project, also before this start. */
export type DeployedFolders = ReturnType<typeof openDeployedFolders>

/** Kept in the data folder, with the functions themselves. */
export function openDeployedFolders(dataDir: string, projectFolder: string) {
  const file = join(dataDir, 'deployed.json')
  const project = relative(dataDir, projectFolder)
  let all = read(file)

  const idOf = (name: string) =>
    all.findLast((one) => one.project === project && one.folder === name)?.functionId

  function keep(changed: typeof all): void {
    all = changed
    const half = `${file}.new`
    writeFileSync(half, JSON.stringify(all), { mode: 0o600 })
    renameSync(half, file)
  }

  return {
    /** Absent where the folder was never deployed. */
    idOf,
    /** From now on, the folder is this function. What it was before is former. */
    note(folder: string, functionId: string): void {
      if (idOf(folder) === functionId) return
      const others = all.filter((one) => one.functionId !== functionId)
      keep([...others, { project, folder, functionId }])
    },
    /** Functions that none of these folders is now. */
    formerOf(folders: readonly string[]): string[] {
      const current = new Set(folders.map(idOf))
      return all
        .filter((one) => one.project === project && !current.has(one.functionId))
        .map(({ functionId }) => functionId)
    },
    forget(functionId: string): void {
      keep(all.filter((one) => one.functionId !== functionId))
    },
  }
}

function read(file: string): z.infer<typeof DeployedFile> {
  try {
    return DeployedFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Nothing was deployed yet, or an older Parley has.
    return []
  }
}
