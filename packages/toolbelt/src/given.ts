/** An argument that must be there: what is missing would become the text "undefined", or fail in words of the runtime. */
export function given<T>(
  what: string,
  value: T,
  refuse = (message: string): Error => new Error(message),
): NonNullable<T> {
  if (value === undefined || value === null || value === '') throw refuse(`${what} is missing`)
  return value
}
