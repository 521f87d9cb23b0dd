import type { ErrorCode } from '@parley/contract'
import { type Monotonic, ParleyError } from '#base/kernel'

const MAX_ATTEMPTS = 6
const MAX_PAUSE_MS = 20

/** The error when every attempt was stale. */
export interface BusyError {
  code: ErrorCode
  retryAfterMs?: number
}

/**
 * Reads, decides and commits by `attempt`, and does it again while it answers `stale`: another node has changed a
 * document between the reading and the commit. `name` is what the error calls the document, like `Chat "c1"`.
 * @throws ParleyError `conversation_busy`, or what `busy` says, after 6 attempts
 */
export async function retryStale<T>(
  { monotonic }: { monotonic: Monotonic },
  name: string,
  attempt: (isFirst: boolean) => Promise<T | 'stale'>,
  { code, ...options }: BusyError = { code: 'conversation_busy' },
): Promise<T> {
  for (let made = 1; ; made += 1) {
    const result = await attempt(made === 1)
    if (result !== 'stale') return result
    if (made === MAX_ATTEMPTS) throw new ParleyError(code, `${name} is busy`, options)
    await monotonic.sleep(Math.random() * MAX_PAUSE_MS)
  }
}
