import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { SourceLanguage, SourceProblem } from '@parley/contract'
import { type Entry, entryTypes, type FoundProblem, typeEntry } from './typed-entry.ts'
import { sourceFile } from './source-file.ts'
import { typesAround } from './types-around.ts'

/** Ordinary sources take half a second. */
const MAX_MS = 5_000
const MAX_PROBLEMS = 20
const MAX_OUTPUT_BYTES = 1_048_576
const MAX_MEMORY = '256MiB'

/** The first line of JavaScript whose types are to be checked. */
const CHECKED_JAVASCRIPT = /^\s*\/\/ @ts-check\b/
/** A type of a library that has none here: `const now: DateTime = …`. */
const NO_TYPES_HERE = 'TS2709:'
/** Something has the type `any` because nothing says another. The other one, TS7041, tells of a `this` that is none. */
const IMPLICIT_ANY = /^TS7(?!041)\d{3}:/

/** `noResolve`: a source must not pull files of the server into its check, whose messages would show them. */
const OPTIONS = {
  noEmit: true,
  noResolve: true,
  target: 'es2024',
  module: 'esnext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: [],
  strict: true,
  useUnknownInCatchVariables: false,
  skipLibCheck: true,
  allowJs: true,
}

/**
 * Problems of the types of a source: TypeScript, or JavaScript that begins with `// @ts-check`. Runs the compiler as a
 * program of its own.
 * @param folder of this process alone, which checks one source at a time; it is made, and removed with all that is in it
 * @param inputTypes declares what the function gets, in TypeScript
 * @param entry where the function is; without it its parameters stay as they are
 */
export async function checkTypes(
  folder: string,
  code: string,
  language: SourceLanguage,
  inputTypes: string,
  entry?: Entry,
): Promise<SourceProblem[]> {
  if (language === 'javascript' && !CHECKED_JAVASCRIPT.test(code)) return []
  const program = findProgram()
  if (!program) return [unchecked('there is no compiler for this system')]
  const typed = typeEntry(code, language, entry)
  const file = sourceFile(language)
  const around = await typesAround(entryTypes(inputTypes))
  const files = [file, ...around.map(({ name }) => name)]
  try {
    const failed = await write(folder, [
      { name: file, text: typed.code },
      ...around,
      {
        name: 'tsconfig.json',
        text: JSON.stringify({ compilerOptions: optionsOf(language), files }),
      },
    ])
    if (failed) return [unchecked(`no temporary files can be written (${failed})`)]
    return (await run(program, folder)).map(typed.toAuthor)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Answers why it is not possible, such as `ENOSPC`. One after the other: a writing that goes on would outlive the folder. */
async function write(
  folder: string,
  files: readonly { name: string; text: string }[],
): Promise<string | undefined> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const { name, text } of files) await writeFile(join(folder, name), text)
    return undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
}

/**
 * With `noImplicitAny` alone does TypeScript take the type of `const mails = []` from what is pushed later; without it the list
 * is one of `never`. JavaScript has lists of `any` there only without it.
 */
function optionsOf(language: SourceLanguage): object {
  return { ...OPTIONS, noImplicitAny: language === 'typescript' }
}

function findProgram(): string | undefined {
  const require = createRequire(import.meta.resolve('typescript/package.json'))
  try {
    const name = `@typescript/typescript-${process.platform}-${process.arch}/package.json`
    const program = join(dirname(require.resolve(name)), 'lib', 'tsc')
    return existsSync(program) ? program : undefined
  } catch {
    return undefined
  }
}

function run(program: string, folder: string): Promise<FoundProblem[]> {
  return new Promise((resolve) => {
    execFile(
      program,
      ['-p', folder, '--pretty', 'false'],
      {
        cwd: folder,
        env: { GOMAXPROCS: '1', GOMEMLIMIT: MAX_MEMORY },
        timeout: MAX_MS,
        killSignal: 'SIGKILL',
        maxBuffer: MAX_OUTPUT_BYTES,
      },
      (error, stdout) => {
        if (error?.killed) resolve([unchecked(`it takes more than ${MAX_MS / 1000} seconds`)])
        else resolve(problemsIn(stdout))
      },
    )
  })
}

function unchecked(reason: string): FoundProblem {
  return { rule: 'type', message: `The types were not checked: ${reason}` }
}

/** Lines such as `index.ts(3,5): error TS2322: Type …`; lines that are indented belong to the one before, the last one says it best. */
function problemsIn(output: string): FoundProblem[] {
  const problems: FoundProblem[] = []
  for (const line of output.split('\n')) {
    const last = problems.at(-1)
    if (last && line.startsWith('  ')) last.detail = line.trim()
    const [, at, column, message = ''] =
      /^index\.[jt]s\((\d+),(\d+)\): error (TS\d+: .*)$/.exec(line) ?? []
    if (at === undefined || message.startsWith(NO_TYPES_HERE) || IMPLICIT_ANY.test(message))
      continue
    problems.push({ rule: 'type', message, line: Number(at), column: Number(column) })
    if (problems.length === MAX_PROBLEMS) break
  }
  return problems
}
