import { hash, randomBytes, randomUUID } from 'node:crypto'

/** Where identifiers come from. A port, so that a test or a replay can make them predictable. */
export interface Ids {
  /** A UUID v4: conversations, functions, versions, subscriptions. */
  uuid(): string
  /** `bytes` random bytes as base64url: tokens and secrets. */
  token(bytes: number): string
}

export function randomIds(): Ids {
  return {
    uuid: () => randomUUID(),
    token: (bytes) => randomBytes(bytes).toString('base64url'),
  }
}

/** The same UUID (version 8) for the same text, on every node and after every start. */
export function uuidOf(text: string): string {
  const hex = hash('sha256', text)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
