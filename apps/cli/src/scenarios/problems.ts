import { nearestName } from '@parley/contract'
import * as z from 'zod'

export interface Problem {
  path: PropertyKey[]
  message: string
}

/** What is wrong, one line each, with the nearest right name for each wrong one. */
export function problemsOf(schema: z.ZodType, { issues }: z.ZodError, value: unknown): Problem[] {
  const misspelled = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => path.join('.')),
  )
  return issues
    .filter(({ code, path }) => code !== 'custom' || !misspelled.has(path.join('.')))
    .flatMap((issue) => problemOf(schema, issue, value, []))
}

type Issue = z.core.$ZodIssue

function problemOf(
  schema: z.ZodType,
  issue: Issue,
  value: unknown,
  before: readonly PropertyKey[],
): Problem[] {
  const path = [...before, ...issue.path]
  const given = at(value, issue.path)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = namesAt(schema, path)
      return issue.keys.map((key) => ({
        path: [...path, key],
        message: unknownName(key, known),
      }))
    }
    case 'invalid_union': {
      const branch = nearestBranch(issue.errors, given)
      if (!branch) return [{ path, message: issue.message }]
      return branch.flatMap((one) => problemOf(schema, one, given, path))
    }
    case 'invalid_value': {
      if (typeof given !== 'string') return [{ path, message: issue.message }]
      const names = issue.values.map(String)
      const nearest = nearestName(given, names)
      const hint = nearest ? `did you mean "${nearest}"?` : `it must be one of ${names.join(', ')}`
      return [{ path, message: `"${given}" is not known; ${hint}` }]
    }
    default:
      return [{ path, message: issue.message }]
  }
}

function unknownName(key: string, known: readonly string[]): string {
  const nearest = nearestName(key, known)
  if (nearest) return `there is no such field; did you mean "${nearest}"?`
  return `there is no such field; there are ${known.join(', ')}`
}

/** Of the kinds that a value may be, the one that it looks like: not the one whose very type is another. */
function nearestBranch(branches: Issue[][], given: unknown): Issue[] | undefined {
  const isOfType = (issues: Issue[]) =>
    !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0)
  const isText = typeof given === 'string'
  const fitting = branches.filter(isOfType)
  return (
    fitting.find((issues) => isText === issues.some(({ code }) => code === 'invalid_value')) ??
    fitting[0] ??
    branches.at(-1)
  )
}

/** The members of the objects that may stand at a path. */
function namesAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional) return namesAt(schema.unwrap() as z.ZodType, path)
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => namesAt(option as z.ZodType, path))
  }
  const [name, ...rest] = path
  if (schema instanceof z.ZodArray) return namesAt(schema.element as z.ZodType, rest)
  if (!(schema instanceof z.ZodObject)) return []
  const shape = schema.shape as Record<PropertyKey, z.ZodType>
  if (name === undefined) return Object.keys(shape)
  const inner = shape[name]
  return inner ? namesAt(inner, rest) : []
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inside, name) =>
      typeof inside === 'object' && inside !== null ? Reflect.get(inside, name) : undefined,
    value,
  )
}
