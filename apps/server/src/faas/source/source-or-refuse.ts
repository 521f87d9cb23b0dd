import type { SourceProblem } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import type { CheckOptions, CompiledSource } from './check-source.ts'
import type { Compiler } from './open.ts'

/** @throws `function_source_invalid`, naming line and column of the first problem */
export async function compileOrRefuse(
  compiler: Compiler,
  accountId: string,
  code: string,
  options: CheckOptions,
): Promise<{ compiled: CompiledSource; warnings: SourceProblem[] }> {
  const checked = await compiler.check(accountId, code, options)
  if (checked.ok) return checked
  const [first] = checked.problems
  throw new ParleyError(
    'function_source_invalid',
    `code: ${first ? describeProblem(first) : 'is invalid'}`,
    {
      details: checked.problems.map((problem) => ({
        path: 'body.code',
        message: describeProblem(problem),
      })),
    },
  )
}

export function describeProblem({ message, line, column }: Omit<SourceProblem, 'rule'>): string {
  return line === undefined ? message : `${message} (line ${line}, column ${column ?? 1})`
}
