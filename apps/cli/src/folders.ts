import { join, resolve } from 'node:path'
import { folderProblem } from '@parley/server/folders'

const ROOT = join(import.meta.dirname, '..', '..', '..')

/** The folder from which the command was called: `npm run` goes to that of Parley first. */
export function callersFolder(env: NodeJS.ProcessEnv = process.env): string {
  return env['INIT_CWD'] ?? process.cwd()
}

/** A path as the caller means it. */
export function fromCaller(path: string): string {
  return resolve(callersFolder(), path)
}

/** The data directory of the server: what the caller names, else what the server takes itself. */
export function dataFolder(given: string | undefined): string {
  return given === undefined
    ? resolve(ROOT, process.env['PARLEY_DATA'] || '.parley')
    : fromCaller(given)
}

/**
 * The same for commands that write there: the folder is made where it is missing.
 * @throws an `Error` that names the folder, and why it cannot be one
 */
export function writableDataFolder(given: string | undefined): string {
  const folder = dataFolder(given)
  const problem = folderProblem(folder)
  if (problem === undefined) return folder
  throw new Error(`${given === undefined ? 'PARLEY_DATA' : '--data'} ${folder}: ${problem}`)
}
