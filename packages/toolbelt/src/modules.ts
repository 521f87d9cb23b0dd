import { createRequire } from 'node:module'
import type * as os from 'node:os'
import type { ToolbeltHost } from './host.ts'
import { createMemoryFiles } from './memory-files.ts'
import { sandboxOs } from './sandbox-os.ts'
import { createToolbelt } from './toolbelt.ts'

const builtin = createRequire(import.meta.url)

/** Built-in modules of Node that work without a file system, processes and sockets. */
const BUILTINS = [
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'constants',
  'crypto',
  'diagnostics_channel',
  'events',
  'http',
  'https',
  'os',
  'path',
  'path/posix',
  'perf_hooks',
  'process',
  'punycode',
  'querystring',
  'stream',
  'stream/consumers',
  'stream/promises',
  'stream/web',
  'string_decoder',
  'timers',
  'timers/promises',
  'url',
  'util',
  'util/types',
  'zlib',
]

/** Libraries that are loaded when a function first requires them. */
const LIBRARIES: Record<string, () => unknown> = {
  axios: () => require('axios'),
  jose: () => require('jose'),
  jsforce: () => require('jsforce'),
  jsonwebtoken: () => require('jsonwebtoken'),
  lodash: () => require('lodash'),
  luxon: () => require('luxon'),
  'oauth-1.0a': () => require('oauth-1.0a'),
  uuid: () => require('uuid'),
}

/** `fs` and its promises, of one file system in the memory of the instance. It is made when a function first requires it. */
const FILES = ['fs', 'fs/promises']

/** Names of the toolbelt: the published one, and that of newer sources. */
const TOOLBELT_NAMES = ['lp-faas-toolbelt', 'core-functions-toolbelt']

/**
 * The `require` of customer code. A fixed table, so that the error about a missing package can list all packages.
 * @param onShared is told what is the same for all of the process, when it is required
 */
export function createModules(
  host: ToolbeltHost,
  onShared: (exported: unknown, isLibrary: boolean) => void = () => undefined,
): (name: string) => unknown {
  const made = new Map<string, unknown>()
  let files: Record<string, unknown> | undefined
  const toolbelt = createToolbelt(host)
  for (const name of TOOLBELT_NAMES) made.set(name, toolbelt)
  return function require(name) {
    const known = made.get(name)
    if (known !== undefined) return known
    const found = find(name)
    made.set(name, found)
    return found
  }

  function find(name: string): unknown {
    const bare = name.startsWith('node:') ? name.slice(5) : name
    if (!FILES.includes(bare)) {
      const shared = findShared(name, bare)
      onShared(shared, Object.hasOwn(LIBRARIES, name))
      return shared
    }
    files ??= createMemoryFiles()
    return bare === 'fs' ? files : files['promises']
  }
}

/** `lodash/get` is how many sources require one function of it. */
function methodOfLodash(name: string): unknown {
  const wanted = /^lodash\/(\w+)(?:\.js)?$/.exec(name)?.[1] ?? ''
  const lodash = wanted === '' ? {} : (LIBRARIES['lodash']?.() as object)
  const found: unknown = Object.hasOwn(lodash, wanted) && Reflect.get(lodash, wanted)
  return typeof found === 'function' ? found : undefined
}

let osOfInstance: object | undefined

function findShared(name: string, bare: string): unknown {
  if (Object.hasOwn(LIBRARIES, name)) return LIBRARIES[name]?.()
  const method = methodOfLodash(name)
  if (method) return method
  if (bare === 'os') return (osOfInstance ??= sandboxOs(builtin('node:os') as typeof os))
  if (BUILTINS.includes(bare)) return builtin(`node:${bare}`)
  const available = [...TOOLBELT_NAMES, ...Object.keys(LIBRARIES), ...FILES, ...BUILTINS].join(', ')
  throw Object.assign(new Error(`Cannot find module '${name}'. Available are: ${available}`), {
    code: 'MODULE_NOT_FOUND',
  })
}
