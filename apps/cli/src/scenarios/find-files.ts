import { existsSync, globSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

const PATTERN = '**/*.scenario.{yaml,yml,ts,js}'

/**
 * The scenario files that are meant: files, or all of a folder.
 * @param from the folder that paths are relative to
 * @throws an `Error` that says where was looked when there is none
 */
export function findScenarioFiles(given: readonly string[], from: string): string[] {
  const found = (given.length === 0 ? ['.'] : given).flatMap((path) => {
    const full = resolve(from, path)
    if (!existsSync(full)) throw new Error(`There is no "${path}" in ${from}`)
    if (!statSync(full).isDirectory()) return [full]
    const inside = globSync(PATTERN, {
      cwd: full,
      exclude: (name) => ['node_modules', '.parley', '.git'].includes(name),
    })
    return inside.map((name) => join(full, name)).toSorted()
  })
  if (found.length > 0) return [...new Set(found)]
  throw new Error(
    `There is no scenario in ${given.join(', ') || from}: they are files named *.scenario.yaml or *.scenario.ts`,
  )
}

/** How messages name a file. */
export function shownPath(path: string, from: string): string {
  const short = relative(from, path)
  return short.startsWith('..') ? path : short
}

/** The project around a folder: the nearest one with a folder `functions`. */
export function findProjectFolder(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'functions'))) return folder
    if (folder === dirname(folder)) return undefined
  }
}
