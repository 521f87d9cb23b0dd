import { type ErrorDetail, nearestName } from '@parley/contract'
import * as z from 'zod'
import { fieldName } from './check-text.ts'

/** One is enough to refuse the request. */
const MAX_FOUND = 20

/**
 * The members that a schema has dropped, in objects and in lists of objects: those that it does not know. `given` is what came in,
 * `parsed` what the schema made of it; `part` is what they are in: `body` or `query`.
 */
export function unknownMembers(
  schema: z.ZodType | undefined,
  given: unknown,
  parsed: unknown,
  part: string,
): ErrorDetail[] {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
  const found: ErrorDetail[] = []
  function look(before: unknown, after: unknown, path: (string | number)[]): void {
    if (found.length >= MAX_FOUND || !isObject(before) || !isObject(after)) return
    for (const [name, child] of Object.entries(before)) {
      const here = [...path, Array.isArray(before) ? Number(name) : name]
      if (Object.hasOwn(after, name)) look(child, after[name], here)
      else found.push({ path: fieldName(here), message: messageOf(name, path.length === 1) })
    }
  }
  function messageOf(name: string, isOutermost: boolean): string {
    const meant = isOutermost ? nearestName(name, known) : undefined
    return meant === undefined ? 'is not known' : `is not known; did you mean "${meant}"?`
  }
  look(given ?? {}, parsed ?? {}, [part])
  return found
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
