import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { modules } from '../oxlint.config.ts'

const root = join(import.meta.dirname, '..')
const source = join(root, 'apps/server/src')

/** Everything that one file imports, types too: files of its module as `./x.ts`, other modules as `#area/module`. */
export interface SourceFile {
  /** From the folder that was read. */
  path: string
  module: string | undefined
  text: string
  imports: string[]
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|import\(['"]([^'"]+)['"]\)/g

/** The product's files below a folder, those of the server unless another is named: no tests, no fixtures. */
export function sourceFiles(folder: string = source): SourceFile[] {
  return globSync('**/*.{ts,tsx}', { cwd: folder })
    .filter((path) => !/\.(test|fixture|contract|d)\.tsx?$/.test(path))
    .map((path) => {
      const text = readFileSync(join(folder, path), 'utf8')
      const imports = [...text.matchAll(IMPORT)].map(([, named, lazy]) => named ?? lazy ?? '')
      return { path, module: moduleOf(path), text, imports }
    })
}

/** The module that a file belongs to: the longest name of the table that its path begins with. */
export function moduleOf(path: string): string | undefined {
  return modules
    .filter((module) => path.startsWith(`${module}/`))
    .toSorted((a, b) => b.length - a.length)[0]
}

/** Folders of two levels or more that hold an `index.ts`, and those that hold files without belonging to a module. */
export function folders(): string[] {
  return [...new Set(sourceFiles().map(({ path }) => dirname(path)))].filter((path) => path !== '.')
}

export function hasIndex(folder: string): boolean {
  return existsSync(join(source, folder, 'index.ts'))
}

/** Module to module, as the imports say. An entry shows its own files only, so that an arrow leads to who owns the thing. */
export function arrows(files: readonly SourceFile[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { module, imports } of files) {
    if (!module) continue
    const entered = imports.filter((name) => name.startsWith('#')).map((name) => name.slice(1))
    const known = found.get(module) ?? new Set<string>()
    found.set(module, new Set([...known, ...entered.filter((name) => modules.includes(name))]))
  }
  return found
}

/** Circles of files, types and values alike: each as the paths that it leads through. */
export function circles(files: readonly SourceFile[]): string[][] {
  const targets = new Map(files.map((file) => [file.path, targetsOf(file)]))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[][] = []
  const trail: string[] = []
  function walk(path: string): void {
    state.set(path, 'open')
    trail.push(path)
    for (const next of targets.get(path) ?? []) {
      if (state.get(next) === 'open') found.push([...trail.slice(trail.indexOf(next)), next])
      else if (!state.has(next) && targets.has(next)) walk(next)
    }
    trail.pop()
    state.set(path, 'done')
  }
  for (const path of targets.keys()) if (!state.has(path)) walk(path)
  return found
}

/** What a file brings with it, itself included: everything that it imports, and what that imports. */
export function reachable(files: readonly SourceFile[], entry: string): SourceFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const found = new Set([byPath.get(entry)])
  for (const file of found) {
    for (const target of file ? targetsOf(file) : []) found.add(byPath.get(target))
  }
  return [...found].filter((file) => file !== undefined)
}

function targetsOf({ path, imports }: SourceFile): string[] {
  return imports.flatMap((name) => {
    if (name.startsWith('.')) return [normalize(join(dirname(path), name))]
    const module = name.slice(1)
    return name.startsWith('#') && modules.includes(module) ? [`${module}/index.ts`] : []
  })
}
