import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Asks again until there is an answer.
 * @throws after `patienceMs`, with the last failure as its cause
 */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined> | Answer | undefined,
  { patienceMs = 30_000, pauseMs = 20 } = {},
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
