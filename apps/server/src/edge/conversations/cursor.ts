import { ParleyError } from '#base/kernel'

/** A place between two pages, as clients hand it back: parts that are joined by a dot, which none of them has. */
export function writeCursor(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part).replaceAll('.', '%2E')).join('.')
}

/** @throws ParleyError `invalid_request` for what is no cursor of this list */
export function readCursor(cursor: string, shape: RegExp): string[] {
  if (!shape.test(cursor)) throw wrongCursor()
  try {
    return cursor.split('.').map((part) => decodeURIComponent(part))
  } catch (cause) {
    throw wrongCursor(cause)
  }
}

function wrongCursor(cause?: unknown): ParleyError {
  return new ParleyError('invalid_request', 'query.after: must be the `next` of another page', {
    details: [{ path: 'query.after', message: 'must be the `next` of another page' }],
    cause,
  })
}
