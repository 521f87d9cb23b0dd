import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const packages = join(import.meta.dirname, '..', '..', 'node_modules')

/**
 * Gives the packages of this checkout to a clone of it, without caches, which other runs write meanwhile.
 * @param how options of `cp`
 * @returns whether all of them are there
 */
export function copyPackages(clone: string, how: readonly string[]): boolean {
  const names = readdirSync(packages).filter((name) => !/^\.(cache|vite)/.test(name))
  mkdirSync(join(clone, 'node_modules'), { recursive: true })
  const { status } = spawnSync('cp', [...how, ...names, join(clone, 'node_modules')], {
    cwd: packages,
    stdio: 'inherit',
  })
  return status === 0
}
