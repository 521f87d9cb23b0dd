import type * as z from 'zod'
import { ServerError } from '../api/server.ts'
import { refusedTold } from '../words/refused.ts'

/** What is wrong with a form, by the place of the field, such as `escalation.skillId`. The first problem of a field counts. */
export type Problems = ReadonlyMap<string, string>

export const NO_PROBLEMS: Problems = new Map()

/** What the server would refuse. */
export function problemsOf(schema: z.ZodType, value: unknown): Problems {
  const { error } = schema.safeParse(value)
  const found = (error?.issues ?? []).map(
    (issue) => [issue.path.join('.'), refusedTold(issue.message)] as const,
  )
  return firstOfEach(found)
}

/** What the server has refused. */
export function problemsOfError(error: unknown): Problems {
  if (!(error instanceof ServerError)) return NO_PROBLEMS
  return firstOfEach(
    error.details.map(
      ({ path, message }) => [path.replace(/^body\./, ''), refusedTold(message)] as const,
    ),
  )
}

function firstOfEach(found: readonly (readonly [path: string, problem: string])[]): Problems {
  return new Map(found.toReversed())
}
