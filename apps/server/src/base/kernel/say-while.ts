import { messageOf } from './errors.ts'
import type { Monotonic } from './clock.ts'
import type { Logger } from './logger.ts'

const FIRST_MS = 3_000
const AGAIN_MS = 30_000

/**
 * Waits for what usually takes a moment. When it takes longer, the log says what it is, again and again until it is over.
 * @param what follows "Waiting for"; or finds that out
 */
export async function sayWhile<Result>(
  { logger, monotonic }: { logger: Logger; monotonic: Pick<Monotonic, 'after' | 'every'> },
  what: string | (() => Promise<string>),
  work: Promise<Result>,
): Promise<Result> {
  const say = () => {
    const found = typeof what === 'string' ? Promise.resolve(what) : what()
    found.then(
      (text) => logger.warn(`Waiting for ${text}`),
      (err: unknown) => logger.debug({ err }, `What is waited for is not known: ${messageOf(err)}`),
    )
  }
  using _first = monotonic.after(FIRST_MS, say)
  using _again = monotonic.every(AGAIN_MS, say)
  return await work
}
