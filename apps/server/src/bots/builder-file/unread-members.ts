import * as z from 'zod'
import { INERT_MEMBERS } from './inert-members.ts'

/** A member of an export that is switched on, and that nothing reads. */
export interface UnreadMember {
  /** Name of the interaction or integration that it stands in. */
  owner?: string
  /** Members from the outermost to this one, places in lists left out: `conversationMessage.changeResponse`. */
  place: string
  member: string
}

/**
 * The members of a part of an export that nothing reads: its schema does not name them. Left out are those that ask for nothing, by
 * what they are (`INERT_MEMBERS`) or by their value: nothing, `false`, zero, or empty.
 * @param place of `value` in the export
 */
export function unreadMembers(
  schema: z.core.$ZodType,
  value: unknown,
  place = '',
  owner?: string,
): UnreadMember[] {
  const inner = unwrapped(schema, value)
  if (inner instanceof z.ZodArray) {
    if (!Array.isArray(value)) return []
    return value.flatMap((one) =>
      unreadMembers(inner.element, one, place, owner ?? nameOf(place, one)),
    )
  }
  if (!(inner instanceof z.ZodObject) || !isObject(value)) return []
  return Object.entries(value).flatMap(([member, held]) => {
    const at = place === '' ? member : `${place}.${member}`
    const read = Object.hasOwn(inner.shape, member) ? inner.shape[member] : undefined
    if (read) return unreadMembers(read, held, at, owner)
    if (isInert(place, member) || asksForNothing(held)) return []
    return [{ ...(owner !== undefined && { owner }), place: at, member }]
  })
}

const OWNERS = ['conversationMessage', 'groups', 'responder']

function nameOf(place: string, value: unknown): string | undefined {
  if (!OWNERS.includes(place) || !isObject(value)) return undefined
  return typeof value['name'] === 'string' ? value['name'] : undefined
}

/** What stands inside of `nullish`, transformations and alternatives. */
function unwrapped(schema: z.core.$ZodType, value: unknown): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return unwrapped(schema.unwrap(), value)
  }
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in, value)
  if (!(schema instanceof z.ZodUnion)) return schema
  const fitting = schema.options.find((option) => z.safeParse(option, value).success)
  return fitting ? unwrapped(fitting, value) : schema
}

function isInert(place: string, member: string): boolean {
  return INERT_MEMBERS[place]?.includes(member) ?? false
}

function asksForNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (!isObject(value)) return OFF.includes(value)
  return value['enabled'] === false || Object.values(value).every(asksForNothing)
}

/** Attributes of bots are texts. */
const OFF: readonly unknown[] = [undefined, null, false, 0, '', '0', 'false']

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
