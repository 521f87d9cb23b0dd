import { cleanText } from './clean-text.ts'

const MASK = '[secret]'

/** Text as it may be stored: without known secrets, and without what PostgreSQL cannot store. */
export function redactText(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    if (clean.includes(secret)) clean = clean.replaceAll(secret, MASK)
  }
  return cleanText(clean)
}

/** The same for parts of a URL: a host arrives in lower case, whatever case the secret has. */
export function redactUrlPart(text: string, secrets: readonly string[]): string {
  return redactText(
    text,
    secrets.flatMap((secret) => [secret, secret.toLowerCase()]),
  )
}

/** Deeper than every published payload, and far from what a stack can hold. */
const MAX_DEPTH = 100

/** The same for every string inside a JSON value, keys included. What is nested too deeply is left out. */
export function redactValue(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, secrets)
  if (typeof value !== 'object' || value === null) return value
  if (depth === MAX_DEPTH) return '[nested too deeply]'
  const inside = (item: unknown) => redactValue(item, secrets, depth + 1)
  if (Array.isArray(value)) return value.map(inside)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redactText(key, secrets), inside(item)]),
  )
}
