import { timingSafeEqual } from 'node:crypto'

/** Compares secrets that are not passwords, in constant time. */
export function isSameSecret(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
