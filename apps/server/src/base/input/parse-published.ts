import type * as z from 'zod'

/** Each mends one level of lists in each other, such as boxes of a card. Few: each parses everything again. */
const MAX_PASSES = 8

/**
 * Parses what a published client has sent: an optional member that is `null` counts as absent (`spec/messaging.md` 3). With
 * `lists`, one element stands for a list of it. What the schema takes as it came stays as it is.
 */
export function parsePublished<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { lists }: { lists: boolean },
): z.ZodSafeParseResult<z.output<Schema>> {
  let parsed = schema.safeParse(value)
  let holder: { value: unknown } | undefined
  for (let pass = 0; !parsed.success && pass < MAX_PASSES; pass++) {
    const flaws = flatIssues(parsed.error.issues)
    holder ??= { value: structuredClone(value) }
    const root = holder
    const mended = flaws.filter((flaw) => mend(root, flaw, lists))
    if (mended.length === 0) break
    parsed = schema.safeParse(root.value)
  }
  return parsed
}

interface Flaw {
  path: readonly PropertyKey[]
  wantsList: boolean
}

/** With the issues of each alternative of a union. */
function flatIssues(
  issues: readonly z.core.$ZodIssue[],
  above: readonly PropertyKey[] = [],
): Flaw[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...issue.path]
    if (issue.code === 'invalid_union') {
      return issue.errors.flatMap((alternative) => flatIssues(alternative, path))
    }
    return { path, wantsList: issue.code === 'invalid_type' && issue.expected === 'array' }
  })
}

function mend(holder: object, { path, wantsList }: Flaw, lists: boolean): boolean {
  const names = ['value', ...path]
  const last = names.pop() ?? ''
  const parent = names.reduce<unknown>(member, holder)
  if (!isObject(parent) || !Object.hasOwn(parent, last)) return false
  const found = member(parent, last)
  if (found === null && path.length > 0 && !Array.isArray(parent)) {
    return Reflect.deleteProperty(parent, last)
  }
  if (!lists || !wantsList || found === null || found === undefined || Array.isArray(found)) {
    return false
  }
  return Reflect.set(parent, last, [found])
}

function member(value: unknown, name: PropertyKey): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
