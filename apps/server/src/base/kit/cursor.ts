import { invalid, type ParleyError } from '#base/kernel'

/** A place between two pages, as clients hand it back: parts that are joined by a dot, which none of them has. */
export function writeCursor(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part).replaceAll('.', '%2E')).join('.')
}

/** @throws ParleyError `invalid_request` for what is no cursor of this list */
export function readCursor(cursor: string, shape: RegExp): string[] {
  // No part that this server writes has U+0000, and PostgreSQL refuses to look for it.
  if (!shape.test(cursor) || cursor.includes('%00')) throw wrongCursor()
  try {
    return cursor.split('.').map((part) => decodeURIComponent(part))
  } catch (cause) {
    throw wrongCursor(cause)
  }
}

/** A cursor of an instant and an id. @throws what `readCursor` throws */
export function readInstantCursor(
  cursor: string,
  isId: (id: string) => boolean = () => true,
): { at: number; id: string } {
  const [at, id = ''] = readCursor(cursor, /^\d{1,15}\.[^.]{1,400}$/)
  if (!isId(id)) throw wrongCursor()
  return { at: Number(at), id }
}

function wrongCursor(cause?: unknown): ParleyError {
  return invalid('query.after', 'must be the `next` of another page', cause)
}
