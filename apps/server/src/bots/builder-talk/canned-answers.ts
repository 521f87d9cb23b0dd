import * as z from 'zod'
import type { Failed, Outside } from '#bots/builder-dialog'

/** Answers of integrations by their names, instead of calls: `{"Weather": {"status": 200, "body": {"sky": "clear"}}}`. */
export const CannedAnswers = z.record(
  z.string(),
  z.strictObject({
    status: z.int().min(100).max(599).default(200),
    body: z.unknown(),
    /** Instead of an answer: why there is none. */
    failed: z.string().optional(),
  }),
)
export type CannedAnswers = z.infer<typeof CannedAnswers>

type Integrations = Pick<Outside, 'callHttp' | 'callFunction'>

/** Takes the canned answer of an integration where there is one. */
export function withCannedAnswers(answers: CannedAnswers, calls: Integrations): Integrations {
  const cannedOf = (name: string) => (Object.hasOwn(answers, name) ? answers[name] : undefined)
  return {
    async callHttp(name, request) {
      const canned = cannedOf(name)
      if (!canned) return calls.callHttp(name, request)
      if (canned.failed !== undefined) return { failed: canned.failed }
      const { body, status } = canned
      return { status, body: typeof body === 'string' ? body : JSON.stringify(body ?? null) }
    },
    async callFunction(name, call): Promise<{ result: unknown } | Failed> {
      const canned = cannedOf(name)
      if (!canned) return calls.callFunction(name, call)
      if (canned.failed !== undefined) return { failed: canned.failed }
      const isGood = canned.status >= 200 && canned.status < 300
      return isGood ? { result: canned.body } : { failed: `status ${canned.status}` }
    },
  }
}
