import { setTimeout as sleep } from 'node:timers/promises'

/** What takes seconds on a machine of its own takes minutes on one that is slow and shared. */
export const PATIENCE_MS = 300_000

/**
 * Asks again until there is an answer.
 * @throws after `patienceMs`, which only ends what hangs, with the last failure as its cause
 */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  { patienceMs = PATIENCE_MS, pauseMs = 20 } = {},
): Promise<Answer> {
  const deadline = performance.now() + patienceMs
  let cause: unknown
  while (performance.now() < deadline) {
    try {
      const answer = await ask()
      if (answer !== undefined) return answer
    } catch (error) {
      cause = error
    }
    await sleep(pauseMs)
  }
  throw new Error(`${what} did not happen within ${patienceMs} ms`, { cause })
}
