/** A folder of the file system, as far as it is guarded here. */
interface Folder {
  getChild(name: string): unknown
  createChild(name: string, ...rest: unknown[]): unknown
  setChild(name: string, ...rest: unknown[]): unknown
  deleteChild(link: { getName(): string }): void
}

/** What is used of the core of `memfs`. Its own entry would ask the runtime for its process. */
interface FsNode {
  Volume: { fromNestedJSON(tree: object, cwd: string): Volume }
  fsSynchronousApiList: string[]
  fsCallbackApiList: string[]
  Stats: unknown
  Dir: unknown
  Dirent: unknown
}

type Volume = Record<string, unknown> & { _core: { root: Folder }; promises: object }

const ROOT = '/tmp'

/**
 * `fs` of an instance: files in its memory, under `/tmp` alone, shared by its calls and gone with it. It asks nothing of the
 * runtime, so that no file of the machine can be reached. Every other path is refused in words.
 */
export function createMemoryFiles(): Record<string, unknown> {
  const { Volume, fsSynchronousApiList, fsCallbackApiList, Stats, Dir, Dirent } =
    require('@jsonjoy.com/fs-node') as FsNode
  const { constants } = require('@jsonjoy.com/fs-node-utils') as { constants: object }
  const volume = Volume.fromNestedJSON({ [ROOT]: {} }, '/')
  guard(volume._core.root)
  const { ReadStream, WriteStream } = volume
  return {
    constants,
    Stats,
    Dir,
    Dirent,
    ReadStream,
    WriteStream,
    ...bound(volume, [...fsSynchronousApiList, ...fsCallbackApiList]),
    promises: { constants, ...bound(volume.promises, methodsOf(volume.promises)) },
  }
}

/** All forms of `fs` walk from the root, symbolic links too: what the root does not have cannot be reached or made. */
function guard(root: Folder): void {
  const { getChild, createChild, setChild } = root
  const isOurs = (name: string) => [ROOT.slice(1), '.', '..', ''].includes(name)
  const only =
    (operation: (name: string, ...rest: never[]) => unknown) =>
    (name: string, ...rest: never[]) => {
      if (!isOurs(name)) throw refused(`"/${name}" is outside of it`)
      return operation.call(root, name, ...rest)
    }
  root.getChild = only(getChild)
  root.createChild = only(createChild)
  root.setChild = only(setChild)
  root.deleteChild = () => {
    throw refused(`"${ROOT}" cannot be removed`)
  }
}

function refused(detail: string): Error {
  const message = `EACCES: a function has files in memory only, under ${ROOT}: ${detail}`
  return Object.assign(new Error(message), { code: 'EACCES', errno: -13 })
}

function methodsOf(object: object): string[] {
  const prototype = Object.getPrototypeOf(object) as object
  const names = [object, prototype].flatMap((part) => Object.getOwnPropertyNames(part))
  return names.filter((name) => name !== 'constructor')
}

/** Functions take methods apart: `const { readFile } = require('fs/promises')`. */
function bound(object: object, names: readonly string[]): Record<string, unknown> {
  const methods = names.flatMap((name) => {
    const method = Reflect.get(object, name) as unknown
    return typeof method === 'function' ? [[name, method.bind(object) as unknown]] : []
  })
  return Object.fromEntries(methods) as Record<string, unknown>
}
