import type { SourceProblem } from '@parley/contract'
import { type Node, type Program, parse } from 'acorn'

/** Both counted from 1. */
export interface Place {
  line: number
  column: number
}

export type ParsedScript =
  | { ok: true; program: Program }
  | { ok: false; isTooDeep: boolean; problem: SourceProblem & Place }

/** How the parser's message begins when the stack is used up. */
const TOO_DEEP = 'Not enough stack space'

export function parseScript(code: string): ParsedScript {
  try {
    return {
      ok: true,
      program: parse(code, { ecmaVersion: 'latest', sourceType: 'script', locations: true }),
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    const { line, column } = placeOfError(error)
    const isTooDeep = error.message.startsWith(TOO_DEEP)
    const message = error.message.replace(/ \(\d+:\d+\)$/, '')
    return { ok: false, isTooDeep, problem: { rule: 'syntax', message, line, column } }
  }
}

/** Where a node begins, columns counted from 1. */
export function placeOf(node: Node): Place {
  return { line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1 }
}

function placeOfError(error: SyntaxError): Place {
  const loc = 'loc' in error ? (error.loc as { line: number; column: number }) : undefined
  return { line: loc?.line ?? 1, column: (loc?.column ?? 0) + 1 }
}
