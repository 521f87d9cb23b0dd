import { z } from 'zod'

/** Text that PostgreSQL can keep: no U+0000 and no half of a surrogate pair. */
export const StorableText = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain U+0000')
  .refine((text) => text.isWellFormed(), 'must not contain a lone surrogate')

/** An instant in UTC as ISO 8601 writes it, such as `2026-11-20T10:00:00.000Z`. */
export const Instant = z.iso.datetime()

/** A number of a row, within what the database's columns hold. */
export const RowNumber = z.coerce.number().int().min(-2_147_483_648).max(2_147_483_647)

/** Query values arrive as one string or, repeated, as several. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).optional(),
  )
}
