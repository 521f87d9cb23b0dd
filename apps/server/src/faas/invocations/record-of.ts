import type { SecretMask } from '#base/kit'
import type { DeployedFunction } from '#faas/functions'
import type { SandboxOutcome } from '#faas/sandbox'
import type { InvocationRecord, RanRecord } from '#faas/records'
import { describeFailure } from './failures.ts'

export interface Trigger {
  invocationId: string
  eventId?: string | undefined
  skillId?: string | undefined
  conversationId?: string | undefined
  /** The event's source, or the name that an external caller gives itself. */
  source: string
  attempt?: number | undefined
}

export type Ran = Pick<DeployedFunction, 'accountId' | 'functionId' | 'version'> & {
  deploymentId: string | null
}

export function recordOf(
  mask: SecretMask,
  recordId: string,
  ran: Ran,
  trigger: Trigger,
  startedAt: number,
  outcome: SandboxOutcome,
): RanRecord {
  const failure = outcome.ok ? undefined : describeFailure(outcome)
  return {
    ...emptyRecord(mask, recordId, ran, trigger, startedAt),
    durationMs: outcome.durationMs,
    outcome: failure?.state ?? 'SUCCEEDED',
    errorCode: failure ? mask.text(failure.errorCode) : null,
    errorMessage: failure ? mask.text(failure.text) : null,
    stack: failure?.stack === undefined ? null : mask.text(failure.stack),
    coldStart: outcome.start !== 'warm',
  }
}

/** The record of an event that was not given to its function. */
export function recordOfSkipped(
  mask: SecretMask,
  recordId: string,
  ran: Ran,
  trigger: Trigger,
  startedAt: number,
  reason: string,
): InvocationRecord {
  const record = emptyRecord(mask, recordId, ran, trigger, startedAt)
  return { ...record, outcome: 'NOT_RUN', errorMessage: mask.text(reason) }
}

function emptyRecord(
  mask: SecretMask,
  recordId: string,
  ran: Ran,
  trigger: Trigger,
  startedAt: number,
): Omit<InvocationRecord, 'outcome'> {
  return {
    accountId: ran.accountId,
    startedAt: new Date(startedAt),
    recordId,
    invocationId: trigger.invocationId,
    functionId: ran.functionId,
    deploymentId: ran.deploymentId,
    version: ran.version,
    eventId: trigger.eventId ?? null,
    skillId: trigger.skillId ?? null,
    conversationId: trigger.conversationId ?? null,
    source: mask.text(trigger.source),
    attempt: trigger.attempt ?? 1,
    durationMs: 0,
    errorCode: null,
    errorMessage: null,
    stack: null,
    coldStart: false,
    commands: null,
    outgoing: null,
  }
}
