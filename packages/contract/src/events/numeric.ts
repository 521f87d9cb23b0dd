import * as z from 'zod'

/** Fields that are documented as numbers, but whose value may be any text that a client sent. */
export const Numeric = z.union([z.number(), z.string()])

/** A number where the text is exactly what that number prints as, else the text: `007` and `1e400` stay as they came. */
export function numeric(value: string): number | string {
  const number = Number(value)
  return Number.isFinite(number) && String(number) === value ? number : value
}
