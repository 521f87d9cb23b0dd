import type { DeployedFunction } from '#functions'
import type { SandboxOutcome } from '#sandbox'
import type { InvocationHead } from '#records'
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
): InvocationHead {
  const failure = outcome.ok ? undefined : describeFailure(outcome)
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
    durationMs: outcome.durationMs,
    outcome: failure?.state ?? 'SUCCEEDED',
    errorCode: failure?.errorCode ?? null,
    errorMessage: failure?.text ?? null,
    stack: failure?.stack ?? null,
    coldStart: outcome.start !== 'warm',
    commands: null,
    input: null,
    result: null,
    outgoing: null,
  }
}
