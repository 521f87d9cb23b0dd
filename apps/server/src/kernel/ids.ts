import { randomBytes, randomUUID } from 'node:crypto'

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
