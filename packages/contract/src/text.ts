import * as z from 'zod'

/** Longest text of one message, whoever writes it. */
export const MAX_MESSAGE_CHARACTERS = 8_000

/** Text that PostgreSQL can keep: no U+0000 and no half of a surrogate pair. */
export const StorableText = z
  .string()
  .refine((text) => !text.includes('\0'), 'must not contain U+0000')
  .refine((text) => text.isWellFormed(), 'must not contain a lone surrogate')

/**
 * A mailbox as RFC 5321 writes it without quotes, in a domain that has a name: every sign that may stand before the `@`, and a last label of
 * letters, be they ASCII or not (`xn--…`).
 */
export const EMAIL =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z0-9][a-z0-9-]*\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/i

/** One address, without a name. */
export const EmailAddress = z.email({ pattern: EMAIL })

/** The id of a row, in lower case as the database writes it: ids are compared as text, too. */
export const Uuid = z.uuid().toLowerCase()

/** The same where a row is asked for: no row has an id that is none. */
export const AskedId = z.string().toLowerCase()

/** A secret that a client makes itself. */
export const ClientToken = z
  .string()
  .regex(/^[\w-]{43,86}$/, 'must be 32 to 64 random bytes as base64url')

/** What a link may lead to. Other schemes, such as `javascript:`, could run code in the page or the app of who follows it. */
export const LINK_SCHEMES = ['http', 'https', 'tel', 'mailto', 'geo'] as const

const LINK = new RegExp(String.raw`^(?:${LINK_SCHEMES.join('|')}):[^\p{Cc}]+$`, 'iu')

/** An address that clients offer as a link, of at most 2048 characters. */
export const LinkAddress = z
  .string()
  .max(2048)
  .regex(LINK, `must be an address that begins with ${LINK_SCHEMES.join(', ')} and a colon`)

/** The address of a picture that clients load, of at most 2048 characters; may be empty. */
export const PictureAddress = z
  .string()
  .max(2048)
  .regex(
    /^(?:https?:[^\p{Cc}]+)?$/iu,
    'must be an address that begins with http or https and a colon',
  )

/** A small picture inside a message: base64, with or without the head of a `data:` address. At most 20,000 characters. */
export const InlinePicture = z
  .string()
  .max(20_000)
  .regex(
    /^(?:data:image\/(?:png|jpe?g|gif|webp);base64,)?[\w+/=-]*$/i,
    'must be base64, or a data address of a png, jpeg, gif or webp image in base64',
  )

/** An instant in UTC as ISO 8601 writes it, such as `2026-11-20T10:00:00.000Z`. */
export const Instant = z.iso.datetime()

/** The largest number that the database's columns hold. */
export const MAX_ROW_NUMBER = 2_147_483_647

/** A number of a row, within what the database's columns hold. */
export const RowNumber = z.coerce.number().int().min(-2_147_483_648).max(MAX_ROW_NUMBER)

/** A number by which a row is asked for; what can be none is 0, which no row has. */
export const AskedNumber = z.coerce.number().int().positive().catch(0)

/** Query values arrive as one string or, repeated, as several. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(item).optional(),
  )
}
