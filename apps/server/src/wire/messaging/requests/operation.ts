import type { Answer, Request, Side } from '#wire/messaging/format'
import type { AgentSession, ConsumerSession, Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'

/**
 * Answers one request.
 * @throws ParleyError: its status and message become the answer
 */
export type Handler<From extends Session> = (
  deps: Deps,
  session: From,
  request: Request,
) => Answer | Promise<Answer>

/** What a published request does, by the side that sends it. A side that is absent may not send it. */
export interface Operation {
  agent?: Handler<AgentSession>
  consumer?: Handler<ConsumerSession>
  /** Agents change something by it: the audit has those who act for others, and those who may not. */
  changes?: true
}

/** The type of an answer, as each side spells it. */
export type AnswerTypes = Record<Side, string>

export function changing(operation: Operation): Operation {
  return { ...operation, changes: true }
}

export function ofAgents(agent: Handler<AgentSession>): Operation {
  return { agent }
}

export function ofConsumers(consumer: Handler<ConsumerSession>): Operation {
  return { consumer }
}

export function ofBoth(handler: Handler<Session>): Operation {
  return { agent: handler, consumer: handler }
}
