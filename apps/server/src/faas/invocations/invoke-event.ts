import type { DeployedFunction } from '#faas/functions'
import type { InvocationRecord } from '#faas/records'
import { describeFailure } from './failures.ts'
import { recordOfSkipped } from './record-of.ts'
import { keptOf } from './recording-policy.ts'
import { recordedDetails } from './recorded-details.ts'
import type { InvocationsDeps } from './deps.ts'
import { type Run, runDeployed } from './run.ts'
import { keptJson } from './recorded-parts.ts'

/** What became of one command that a function returned. */
export interface CommandOutcome {
  type: string
  applied: boolean
  reason?: string
}

export interface RaisedEvent {
  eventId: string
  skillId?: string | undefined
  conversationId?: string | undefined
  /** Stays the same when the event is raised again: what functions know as `X-Request-ID`. */
  invocationId: string
  /** The module that raises it. */
  source: string
  attempt?: number
  /** What functions find among their `headers`, after `X-Request-ID`. */
  headers?: readonly { key: string; value: string }[]
  payload: unknown
  timeLimitMs?: number
}

export interface EventAnswer {
  /** In the order in which they ran; the first failure is the last entry. Empty: nothing is deployed. */
  functions: FunctionAnswer[]
}

export interface FunctionAnswer {
  functionId: string
  name: string
  outcome:
    | { ok: true; result: unknown }
    | { ok: false; errorCode: string; message: unknown; text: string; retryable: boolean }
  /** The caller puts it into the commit of what follows from the answer. */
  record: InvocationRecord
}

/** Runs the deployed functions of an event one after the other. Does not reject when a function fails. */
export async function invokeEvent(
  deps: InvocationsDeps,
  accountId: string,
  event: RaisedEvent,
): Promise<EventAnswer> {
  const { functionsEnabled } = await deps.settings.get(accountId)
  if (!functionsEnabled) return { functions: [] }
  const found = await deps.functions.deployed.find(accountId, event)
  const body = bodyOf(deps, event)
  const functions: FunctionAnswer[] = []
  for (const deployed of found) {
    const answer = await askFunction(deps, deployed, event, body)
    functions.push(answer)
    if (!answer.outcome.ok) break
  }
  return { functions }
}

/** The function that the platform could not run, or not to its end: what came of that is no answer of it. */
export function missedRun({ functions }: EventAnswer): FunctionAnswer | undefined {
  return functions.find(
    ({ outcome, record }) =>
      !outcome.ok && outcome.retryable && record.outcome === 'PLATFORM_FAILURE',
  )
}

/**
 * Runs one deployed function of an event that somebody has chosen among them. Does not reject when it fails. `undefined` when
 * it is not deployed, or functions are switched off.
 */
export async function invokeOne(
  deps: InvocationsDeps,
  accountId: string,
  functionId: string,
  event: RaisedEvent,
): Promise<FunctionAnswer | undefined> {
  const { functionsEnabled } = await deps.settings.get(accountId)
  const [deployed] = await deps.functions.deployed.find(accountId, { functionId })
  if (!deployed || !functionsEnabled) return undefined
  return await askFunction(deps, deployed, event, bodyOf(deps, event))
}

async function askFunction(
  deps: InvocationsDeps,
  deployed: DeployedFunction,
  event: RaisedEvent,
  body: Uint8Array,
): Promise<FunctionAnswer> {
  const { timeLimitMs } = event
  const done = await runDeployed(deps, deployed, {
    body,
    trigger: event,
    timeLimitMs,
    reads: true,
  })
  const { functionId, name } = deployed
  const details = recordedDetails(deps, done, body)
  return { functionId, name, outcome: answerOf(done), record: { ...done.record, ...details } }
}

/** The records with what became of the commands that their functions returned. */
export function withCommands(
  { maskOf }: InvocationsDeps,
  records: readonly InvocationRecord[],
  commands: readonly CommandOutcome[],
): InvocationRecord[] {
  return records.map((record) => ({
    ...record,
    commands: maskOf(record.accountId).value([...commands]),
  }))
}

/** Records an event that was not given to its functions. The caller commits the records, as those of `invokeEvent`. */
export async function recordSkipped(
  deps: InvocationsDeps,
  accountId: string,
  event: RaisedEvent,
  reason: string,
): Promise<InvocationRecord[]> {
  const { functionsEnabled, recordings } = await deps.settings.get(accountId)
  if (!functionsEnabled) return []
  const found = await deps.functions.deployed.find(accountId, event)
  const startedAt = deps.clock.now()
  const mask = deps.maskOf(accountId)
  const inputJson =
    keptOf(recordings, { isEvent: true, samples: 0, ok: true }) === 'whole'
      ? keptJson(bodyOf(deps, event), recordings.maxBytes, mask)
      : null
  return found.map((deployed) => ({
    ...recordOfSkipped(
      mask,
      deps.records.newRecordId(startedAt),
      deployed,
      event,
      startedAt,
      reason,
    ),
    inputJson,
  }))
}

function bodyOf(
  { clock }: InvocationsDeps,
  { headers: given = [], invocationId, payload }: RaisedEvent,
): Uint8Array {
  const headers = [{ key: 'X-Request-ID', value: invocationId }, ...given]
  return Buffer.from(JSON.stringify({ timestamp: clock.now(), headers, payload }))
}

function answerOf({ outcome, value }: Run): FunctionAnswer['outcome'] {
  if (outcome.ok) return { ok: true, result: value }
  const { errorCode, message, text } = describeFailure(outcome)
  return { ok: false, errorCode, message, text, retryable: outcome.retryable }
}
