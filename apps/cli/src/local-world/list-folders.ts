import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where the functions of a project are, as the published command line lays them out (`spec/platform.md` 14). */
export function functionsFolder(folder: string): string {
  return join(folder, 'functions')
}

/**
 * The names of the functions of a project, in their order.
 * @throws an `Error` that says what a project looks like when the folder is none
 */
export function listFolders(folder: string): string[] {
  const base = functionsFolder(folder)
  if (!existsSync(base)) {
    throw new Error(
      `${folder} is no project: it has no folder "functions" with a folder for each function (index.js or index.ts, config.json)`,
    )
  }
  return readdirSync(base, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && hasSource(join(base, entry.name)))
    .map(({ name }) => name)
    .toSorted()
}

function hasSource(folder: string): boolean {
  return existsSync(join(folder, 'index.js')) || existsSync(join(folder, 'index.ts'))
}
