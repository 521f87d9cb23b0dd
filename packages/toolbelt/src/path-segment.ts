/** A name as one segment of a path. `.` and `..` cannot be one: a URL resolves them, even encoded, and would lead to something else. */
export function pathSegment(
  what: string,
  name: string,
  refuse = (message: string): Error => new Error(message),
): string {
  if (name === '.' || name === '..') throw refuse(`${what} must not be "${name}"`)
  if (!String(name).isWellFormed()) throw refuse(`${what} must not contain a lone surrogate`)
  return encodeURIComponent(name)
}
