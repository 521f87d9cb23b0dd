import * as z from 'zod'
import { nearestName } from '../nearest-name.ts'

/** A field that the schema does not have. */
export interface UnknownSetting {
  path: string[]
  /** With the name that was probably meant. */
  message: string
}

/** More fields than this are not looked for: one is enough to refuse the value. */
const MAX_FOUND = 20

/** The same schema, which refuses fields that it does not have instead of dropping them. */
export function refuseUnknown<Schema extends z.ZodType>(
  schema: Schema,
  otherNames: Readonly<Record<string, string>> = {},
): z.ZodType<z.output<Schema>, z.input<Schema>> {
  const checked = z.preprocess((value, context) => {
    for (const { path, message } of unknownSettings(schema, value, otherNames)) {
      context.addIssue({ code: 'custom', path, message, input: value })
    }
    return value
  }, schema)
  // What goes in is what the schema takes: the step before it only looks.
  return checked as z.ZodType<z.output<Schema>, z.input<Schema>>
}

/**
 * Fields of `value` that the schema does not have, at most 20, in objects and in lists of objects. Keys of records are the account's
 * own and always known.
 * @param otherNames names that callers may try, by their path, each with the path of the right one
 */
export function unknownSettings(
  schema: z.ZodType,
  value: unknown,
  otherNames: Readonly<Record<string, string>> = {},
): UnknownSetting[] {
  const known = namesOf(schema)
  const found: UnknownSetting[] = []
  function look(part: z.ZodType, at: unknown, path: string[], names: string[]): void {
    const inside = innerSchema(part)
    if (inside instanceof z.ZodArray && Array.isArray(at)) {
      const element = inside.element as z.ZodType
      for (const [index, one] of at.entries()) look(element, one, [...path, String(index)], names)
    } else if (inside instanceof z.ZodObject && isObject(at)) {
      for (const [name, child] of Object.entries(at)) {
        if (found.length >= MAX_FOUND) return
        if (Object.hasOwn(inside.shape, name)) {
          look(inside.shape[name] as z.ZodType, child, [...path, name], [...names, name])
        } else {
          const meant = meantBy(name, names, known, otherNames)
          const hint = meant === undefined ? '' : `; did you mean ${meant}?`
          found.push({ path: [...path, name], message: `no such setting${hint}` })
        }
      }
    }
  }
  look(schema, value, [], [])
  return found
}

/** The paths of all fields, without positions in lists. */
function namesOf(schema: z.ZodType, path: string[] = []): string[][] {
  const inside = innerSchema(schema)
  if (inside instanceof z.ZodArray) return namesOf(inside.element as z.ZodType, path)
  if (!(inside instanceof z.ZodObject)) return []
  return Object.entries(inside.shape).flatMap(([name, field]) => {
    const here = [...path, name]
    return [here, ...namesOf(field as z.ZodType, here)]
  })
}

/** The schema of what is there: without its default, and without that it may be absent or `null`. */
export function innerSchema(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable
  ) {
    return innerSchema(schema.unwrap() as z.ZodType)
  }
  return schema
}

/** The known name that was probably meant: by the list of other names, by its letters, or by its place in another group. */
function meantBy(
  name: string,
  names: readonly string[],
  known: readonly string[][],
  otherNames: Readonly<Record<string, string>>,
): string | undefined {
  const asked = [...names, name].join('.')
  const listed = Object.hasOwn(otherNames, asked) ? otherNames[asked] : undefined
  if (listed !== undefined) return relativeTo(names, listed.split('.'))
  const beside = known.filter(
    (path) => path.length === names.length + 1 && names.every((one, at) => path[at] === one),
  )
  const nearest = nearestName(
    name,
    beside.map((path) => path.at(-1) ?? ''),
  )
  if (nearest !== undefined) return nearest
  const elsewhere = known.find((path) => path.at(-1) === name)
  return elsewhere && relativeTo(names, elsewhere)
}

/** The bare name of a field in the same object, else its whole path; of one outside of all groups, that it stands there. */
function relativeTo(names: readonly string[], path: readonly string[]): string {
  const isBeside = path.length === names.length + 1 && names.every((one, at) => path[at] === one)
  if (isBeside) return path.slice(-1).join('.')
  return path.length === 1 ? `${path.join('.')} at the top` : path.join('.')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
