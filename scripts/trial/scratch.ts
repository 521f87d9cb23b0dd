import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  existsSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Step } from './case.ts'

const root = join(import.meta.dirname, '../..')

/** A copy of the working tree, with the packages of the original. */
export interface Scratch extends Disposable {
  /** @throws an `Error` when the step does not fit to the files any more */
  apply(step: Step): void
  write(file: string, text: string): void
  /** Takes out everything that was applied and written. */
  restore(): void
  /** Errors of the compiler, one line each; none when all types fit. */
  typeErrors(): string[]
  /** The output of failing tests; `undefined` when all of them pass. */
  failures(tests: readonly string[]): string | undefined
}

export function openScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'parley-trial-'))
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root })
  for (const file of new Set(files.toString().split('\0'))) {
    if (file === '' || !existsSync(join(root, file))) continue
    cpSync(join(root, file), join(folder, file))
  }
  linkPackages(folder)
  const originals = new Map<string, string | undefined>()
  const write = (file: string, text: string): void => {
    const path = join(folder, file)
    if (!originals.has(file)) originals.set(file, textOf(path))
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const run = (tool: string, args: readonly string[]) =>
    spawnSync(join(root, 'node_modules/.bin', tool), args, { cwd: folder, encoding: 'utf8' })
  return {
    write,
    apply: (step) => write(step.file, edited(step, textOf(join(folder, step.file)))),
    restore() {
      for (const [file, text] of originals) {
        if (text === undefined) rmSync(join(folder, file))
        else writeFileSync(join(folder, file), text)
      }
      originals.clear()
    },
    typeErrors: () =>
      run('tsc', ['--noEmit', '--pretty', 'false'])
        .stdout.split('\n')
        .filter((line) => /^\S+\(\d+,\d+\): error /.test(line)),
    failures(tests) {
      const { status, stdout, stderr } = run('vitest', ['run', ...tests])
      return status === 0 ? undefined : `${stdout}${stderr}`
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

/** Links all packages but those of this repository, which must be those of the copy. */
function linkPackages(folder: string): void {
  const modules = join(root, 'node_modules')
  mkdirSync(join(folder, 'node_modules/@parley'), { recursive: true })
  for (const name of readdirSync(modules)) {
    if (name === '@parley' || name === '.cache' || name.startsWith('.vite')) continue
    symlinkSync(join(modules, name), join(folder, 'node_modules', name))
  }
  for (const area of ['apps', 'packages']) {
    for (const name of readdirSync(join(folder, area))) {
      symlinkSync(join(folder, area, name), join(folder, 'node_modules/@parley', name))
    }
  }
}

export function textOf(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/**
 * The file after a step.
 * @throws an `Error` when the step does not fit to the file any more
 */
export function edited({ file, create, insert = [] }: Step, before: string | undefined): string {
  if (create !== undefined) {
    if (before !== undefined) throw new Error(`${file} exists: the trial must create another file`)
    return create
  }
  if (before === undefined) throw new Error(`No file "${file}": the trial must follow its new name`)
  let text = before
  for (const { after, text: inserted } of insert) {
    const [head, tail, ...more] = text.split(after)
    if (head === undefined || tail === undefined || more.length > 0) {
      throw new Error(`${file} must hold exactly once: ${after}`)
    }
    text = `${head}${after}\n${inserted}${tail}`
  }
  return text
}
