import type { SourceLanguage, SourceProblem } from '@parley/contract'
import type { Program } from 'acorn'
import { compileTypeScript } from './compile-typescript.ts'
import { type Delivers, findEntryPoint } from './entry-point.ts'
import type { Entry } from './typed-entry.ts'
import { hasDynamicImport } from './dynamic-import.ts'
import { findEvals } from './find-evals.ts'
import { parseScript, type Place } from './parse-script.ts'

export interface CompiledSource {
  language: SourceLanguage
  /** JavaScript; the source itself unless it was TypeScript. */
  javascript: string
  /** Maps the JavaScript to the author's lines. */
  sourceMap: string | undefined
  delivers: Delivers
}

export type SourceCheck =
  | { ok: true; compiled: CompiledSource; warnings: SourceProblem[]; entry?: Entry }
  | { ok: false; problems: SourceProblem[] }

export interface CheckOptions {
  /** Found out unless given. */
  language?: SourceLanguage | undefined
  maxCharacters: number
  /** Warns of problems of the types, too: those of the function, and what it makes of the payload of its event. */
  types?: boolean
  /** The event of the function. */
  eventId?: string | undefined
}

/** Checks and compiles a source when it is saved. Runs none of it. It may take as long as its author wants: see `openCompiler`. */
export async function checkSource(code: string, options: CheckOptions): Promise<SourceCheck> {
  const refused = checkText(code, options.maxCharacters)
  if (refused) return { ok: false, problems: [refused] }

  const readable = await toJavaScript(code, options.language)
  if (!readable.ok) return readable
  const { program, javascript, language, sourceMap, original } = readable

  const walked = walk(program)
  if (!walked) return { ok: false, problems: [TOO_DEEP] }
  const { entry, evals } = walked
  const problems: SourceProblem[] = evals.map((at) => ({
    rule: 'forbidden-eval',
    message: 'eval is forbidden',
    ...original(at),
  }))
  if (!entry) {
    problems.push({
      rule: 'entry-point',
      message: 'No entry point: declare a function called lambda, or set module.exports',
    })
  }
  if (!entry || problems.length > 0) return { ok: false, problems }
  const warnings: SourceProblem[] = entry.unusedCallback
    ? [
        {
          rule: 'unused-callback',
          message: `The callback "${entry.unusedCallback.name}" is never used, so the function will never answer`,
          ...original(entry.unusedCallback.at),
        },
      ]
    : []
  return {
    ok: true,
    compiled: { language, javascript, sourceMap, delivers: entry.delivers },
    warnings,
    ...(entry.input && { entry: { input: original(entry.input), isNamed: entry.isNamed } }),
  }
}

const TOO_DEEP: SourceProblem = {
  rule: 'syntax',
  message: 'The source is nested too deeply to be checked',
}

function walk(program: Program) {
  try {
    return { entry: findEntryPoint(program), evals: findEvals(program) }
  } catch (error) {
    // The parser reads a long chain of members or calls in a loop, but the walk recurses.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function checkText(code: string, maxCharacters: number): SourceProblem | undefined {
  if (code.length > maxCharacters) {
    return {
      rule: 'too-long',
      message: `The source has ${code.length} characters, at most ${maxCharacters} are allowed`,
    }
  }
  if (code.includes('\0') || !code.isWellFormed()) {
    return {
      rule: 'unstorable-text',
      message: 'The source must contain neither U+0000 nor a lone surrogate',
    }
  }
  return undefined
}

/** JavaScript stays as it is; what only TypeScript (or a module's syntax) explains is compiled, and `import()`, too. */
async function toJavaScript(code: string, language: SourceLanguage | undefined) {
  if (language !== 'typescript') {
    const parsed = parseScript(code)
    if (parsed.ok && hasDynamicImport(parsed.program)) return compiledOf(code, 'javascript')
    if (parsed.ok) {
      return {
        ok: true as const,
        program: parsed.program,
        javascript: code,
        language: 'javascript' as const,
        sourceMap: undefined,
        original: (at: Place) => at,
      }
    }
    // The other compiler has no such limit: it would work on the source for ever.
    if (parsed.isTooDeep) return { ok: false as const, problems: [TOO_DEEP] }
    if (language === 'javascript') return { ok: false as const, problems: [parsed.problem] }
  }
  return compiledOf(code, 'typescript')
}

async function compiledOf(code: string, language: SourceLanguage) {
  const compiled = await compileTypeScript(code, language)
  if (!compiled.ok) return compiled
  const parsed = parseScript(compiled.javascript)
  if (!parsed.ok) {
    const { problem } = parsed
    return { ok: false as const, problems: [{ ...problem, ...compiled.original(problem) }] }
  }
  return { ...compiled, program: parsed.program, language }
}
