// Plain JavaScript for Node 20: this runs before anything is installed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fits } from './platform.mjs'

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

export function readLock(root) {
  return readPackages(join(root, 'package-lock.json'))
}

const isPlatformPackage = (pkg) => Boolean(pkg.os ?? pkg.cpu ?? pkg.libc)

/** An optional package without a platform of its own may hang on one that is left out here. */
const isNeeded = (pkg, platform, withTools) =>
  (withTools || !isTool(pkg)) &&
  (pkg.optional || pkg.devOptional ? isPlatformPackage(pkg) && fits(pkg, platform) : true)

/** What only tests and checks need. npm leaves these out of an install for running. */
const isTool = (pkg) => Boolean(pkg.dev)

/** How many of the packages that this install needs are there, for whoever waits. */
export function countInstalled(root, platform, { withTools }) {
  const needed = Object.entries(readLock(root)).filter(
    ([path, pkg]) => path !== '' && !pkg.link && isNeeded(pkg, platform, withTools),
  )
  const done = needed.filter(([path]) => existsSync(join(root, path, 'package.json')))
  return { done: done.length, total: needed.length }
}

/** Names of the packages of this platform that the lockfile asks for and `node_modules` lacks. */
export function missingPlatformPackages(root, platform, { withTools = true } = {}) {
  return Object.entries(readLock(root))
    .filter(
      ([, pkg]) => isPlatformPackage(pkg) && fits(pkg, platform) && (withTools || !isTool(pkg)),
    )
    .filter(([path]) => !existsSync(join(root, path, 'package.json')))
    .map(([path, pkg]) => `${path.replace(/^.*node_modules\//, '')} ${pkg.version}`)
}

/**
 * Whether `node_modules` holds what the lockfile says, no less and no more. Without tools, those of developers may be there or
 * not.
 */
export function matchesLock(root, platform, { withTools = true } = {}) {
  const wanted = readLock(root)
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'))
  const paths = Object.keys(wanted).filter((path) => path !== '')
  const same = (path) =>
    installed[path]
      ? installed[path].version === wanted[path].version &&
        installed[path].integrity === wanted[path].integrity
      : !isNeeded(wanted[path], platform, withTools)
  return (
    paths.every(same) &&
    Object.keys(installed).every((path) => path in wanted) &&
    missingPlatformPackages(root, platform, { withTools }).length === 0
  )
}
