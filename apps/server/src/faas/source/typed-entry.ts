import type { SourceLanguage, SourceProblem } from '@parley/contract'
import type { Place } from './parse-script.ts'

/** Where the function is in the author's text. */
export interface Entry {
  /** Where its first parameter begins. */
  input: Place
  /** Whether the top level has it as `lambda`. */
  isNamed: boolean
}

/** As the compiler says it: `detail` is the innermost reason, where there are several. */
export interface FoundProblem extends SourceProblem {
  detail?: string
}

/** The text that is checked instead of the author's, which it holds with all its lines. */
export interface TypedEntry {
  code: string
  /** A problem of that text as one of the author's. */
  toAuthor(problem: FoundProblem): SourceProblem
}

/** Declares what the added text uses. */
export function entryTypes(inputTypes: string): string {
  return `${inputTypes}
declare function parleyEntry(entry: (input: ParleyInput, callback: (error?: any, result?: any) => void) => unknown): void
`
}

/** Gives the first parameter its type where the author has not, and asks at the end whether the function takes what it will get. */
export function typeEntry(code: string, language: SourceLanguage, entry?: Entry): TypedEntry {
  if (!entry) return { code, toAuthor: ({ detail: _detail, ...problem }) => problem }
  const { input, isNamed } = entry
  const lines = code.split('\n')
  const added = language === 'typescript' ? annotate(lines, input) : document(lines, input)
  const asked = isNamed ? '\n;parleyEntry(lambda)' : ''
  return {
    code: lines.join('\n') + asked,
    toAuthor({ detail, ...problem }) {
      const { line = 0, column = 1 } = problem
      if (line > lines.length) {
        const message = `The function does not take what it is given: ${detail ?? problem.message}`
        return { ...problem, ...input, message }
      }
      if (!added || line !== added.line || column <= added.column) return problem
      return { ...problem, column: Math.max(added.column, column - added.length) }
    },
  }
}

interface Added extends Place {
  length: number
}

/** `input` becomes `input: ParleyInput`, unless it has a type, or its arrow function has no parentheses. */
function annotate(lines: string[], { line, column }: Place): Added | undefined {
  const text = lines[line - 1] ?? ''
  const begin = column - 1
  const end = endOfParameter(text, begin)
  if (end === undefined || !/^\s*[,)=]/.test(text.slice(end)) || /^\s*=>/.test(text.slice(end))) {
    return undefined
  }
  return insert(lines, { line, column: end + 1 }, ': ParleyInput')
}

/** JavaScript says a type in a comment. One that the author has written there counts. */
function document(lines: string[], at: Place): Added | undefined {
  const before = lines.slice(0, at.line).join('\n')
  const around = before.slice(0, before.length - (lines[at.line - 1] ?? '').length + at.column - 1)
  // A comment before the function, or right before the parameter, may name the type.
  const isDocumented = /@(param|type)\b[^]*\*\/[^;}]*$/.test(around)
  return isDocumented ? undefined : insert(lines, at, '/** @type {ParleyInput} */ ')
}

function insert(lines: string[], { line, column }: Place, text: string): Added {
  const before = lines[line - 1] ?? ''
  lines[line - 1] = before.slice(0, column - 1) + text + before.slice(column - 1)
  return { line, column, length: text.length }
}

/** The end of a name, or of a pattern in braces on one line. */
function endOfParameter(text: string, begin: number): number | undefined {
  const [name] = /^[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(text.slice(begin)) ?? []
  if (name !== undefined) return begin + name.length
  if (text[begin] !== '{') return undefined
  let depth = 0
  for (let at = begin; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1
    if (text[at] === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  return undefined
}
