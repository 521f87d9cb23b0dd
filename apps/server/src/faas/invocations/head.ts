import type { DeployedFunction } from '#faas/functions'
import type { SandboxOutcome } from '#faas/sandbox'
import type { InvocationHead, RanHead } from '#faas/records'
import { describeFailure } from './failures.ts'

export interface Occasion {
  invocationId: string
  eventId?: string | undefined
  skillId?: string | undefined
  conversationId?: string | undefined
  /** Who asked: the event's source, or what an external caller calls itself. */
  source: string
  attempt?: number | undefined
}

export type Ran = Pick<DeployedFunction, 'accountId' | 'functionId' | 'version'> & {
  deploymentId: string | null
}

export function headOf(
  recordId: string,
  ran: Ran,
  occasion: Occasion,
  startedAt: number,
  outcome: SandboxOutcome,
): RanHead {
  const failure = outcome.ok ? undefined : describeFailure(outcome)
  return {
    ...blankHead(recordId, ran, occasion, startedAt),
    durationMs: outcome.durationMs,
    outcome: failure?.state ?? 'SUCCEEDED',
    errorCode: failure?.errorCode ?? null,
    errorMessage: failure?.text ?? null,
    stack: failure?.stack ?? null,
    coldStart: outcome.start !== 'warm',
  }
}

/** Of an event that was kept from its function. */
export function headOfNotRun(
  recordId: string,
  ran: Ran,
  occasion: Occasion,
  startedAt: number,
  reason: string,
): InvocationHead {
  const head = blankHead(recordId, ran, occasion, startedAt)
  return { ...head, outcome: 'NOT_RUN', errorMessage: reason }
}

function blankHead(
  recordId: string,
  ran: Ran,
  occasion: Occasion,
  startedAt: number,
): Omit<InvocationHead, 'outcome'> {
  return {
    accountId: ran.accountId,
    startedAt: new Date(startedAt),
    recordId,
    invocationId: occasion.invocationId,
    functionId: ran.functionId,
    deploymentId: ran.deploymentId,
    version: ran.version,
    eventId: occasion.eventId ?? null,
    skillId: occasion.skillId ?? null,
    conversationId: occasion.conversationId ?? null,
    source: occasion.source,
    attempt: occasion.attempt ?? 1,
    durationMs: 0,
    errorCode: null,
    errorMessage: null,
    stack: null,
    coldStart: false,
    commands: null,
    input: null,
    result: null,
    outgoing: null,
  }
}
