import type { InvocationRecord } from '#faas/records'
import type { ParsedAnswer } from './parse-answer.ts'

/** What answers in one turn, between the hooks. Each step throws `TurnFailure` for what is wrong. */
export interface Vendor {
  /** What the error hook calls it, and its request and answer. */
  names: { vendor: string; asked: string; answered: string }
  request: object
  /** `records` collects runs of functions. */
  ask(request: object, records: InvocationRecord[]): Promise<unknown>
  /** Whether a post hook has left something to say or to do. */
  isAnswer(value: unknown): boolean
  parse(answered: unknown): ParsedAnswer
  /** For the next turn. */
  memory?: object
}
