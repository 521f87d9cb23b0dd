import * as z from 'zod'
import type { Permission } from '../permissions.ts'
import { refuseUnknown } from './unknown-settings.ts'

/**
 * Settings of an account that belong together. A group is one file and one line in `index.ts`: the store, the cache, the
 * audit, the API and its page follow from it.
 */
export interface SettingsGroup {
  /** One line for the reader of the API's page. */
  readonly purpose: string
  /** Every field has a default or is optional: an account that has set nothing has the empty object. */
  readonly schema: z.ZodObject
  /** The permission to read and to change the group. */
  readonly read: Permission
  readonly write: Permission
  /** Fields that need another permission beside `write` to be changed. */
  readonly fieldWrites?: Readonly<Record<string, Permission>>
  /** Names that callers may try, each with the right one. Misspellings of right names need no line. */
  readonly otherNames?: Readonly<Record<string, string>>
  /** What is refused in a new value beyond its schema. What the value before has already is no problem: it may be of an earlier version. */
  problems?(value: object, before: object): SettingProblem[]
}

/** What is wrong in a value, and where. */
export interface SettingProblem {
  path: PropertyKey[]
  message: string
}

/**
 * A group that has a path of its own beside `/settings`: `get` reads it, `put` replaces it as a whole. The audit names the
 * path: `<path>.changed`.
 */
export function groupWithPath<
  const Path extends string,
  const Group extends SettingsGroup & { replaces: string },
>(path: Path, group: Group) {
  const { purpose, replaces, read, write, otherNames } = group
  const schema: Group['schema'] = group.schema
  const spec = {
    path: `/api/v1/accounts/:accountId/${path}`,
    params: z.object({ accountId: z.string() }),
    reply: schema,
  } as const
  return {
    ...group,
    path,
    get: { ...spec, method: 'GET', auth: read, summary: purpose },
    put: {
      ...spec,
      method: 'PUT',
      auth: write,
      summary: replaces,
      body: refuseUnknown(schema, otherNames),
    },
  } as const
}
