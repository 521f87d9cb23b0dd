import { type DeployedFunction, matchSkill } from '#faas/functions'
import { ParleyError } from '#base/kernel'
import type { SandboxOutcome } from '#faas/sandbox'
import { recordedDetails } from './recorded-details.ts'
import type { InvocationsDeps } from './deps.ts'
import { type Run, runDeployed } from './run.ts'

const RETRY_AFTER_MS = 1_000

export interface DirectCall {
  /** The unparsed body of the request: the function's process parses it. */
  body: Uint8Array
  requestId: string
  /** The name that the caller gives itself. */
  source: string
  skillId?: string | undefined
  /** Of the function that calls. */
  conversationId?: string | undefined
  /** A test returns all log entries and stores none. */
  test?: boolean
}

/** Runs one deployed function for a caller outside the platform. */
export function invokeDirect(
  deps: InvocationsDeps,
  accountId: string,
  functionId: string,
  call: DirectCall,
): Promise<SandboxOutcome> {
  const live = deps.functions.deployed.known(accountId)?.byId.get(functionId)
  return live ? runAndKeep(deps, live, call) : findAndRun(deps, accountId, functionId, call)
}

async function findAndRun(
  deps: InvocationsDeps,
  accountId: string,
  functionId: string,
  call: DirectCall,
): Promise<SandboxOutcome> {
  const [live] = await deps.functions.deployed.find(accountId, { functionId })
  if (live) return runAndKeep(deps, live, call)
  const exists = await deps.functions.find(deps.store.db, accountId, functionId)
  // Published clients look for this text in both cases.
  const message = `There is no ${functionId} deployed on ${accountId}`
  throw new ParleyError(exists ? 'function_not_deployed' : 'function_not_found', message)
}

export interface DirectAnswer {
  functionId: string
  outcome: SandboxOutcome
}

/** Runs every deployed function of an event for a caller outside the platform. The first failure ends the chain. */
export async function invokeEventDirect(
  deps: InvocationsDeps,
  accountId: string,
  eventId: string,
  call: DirectCall,
): Promise<DirectAnswer[]> {
  const live = await deps.functions.deployed.load(accountId)
  const all = live.byEvent.get(eventId) ?? []
  const found = matchSkill(all, call.skillId)
  if (all.length > 0 && found.length === 0) {
    throw new ParleyError(
      'function_not_found',
      `There is no function for skill ${call.skillId} of ${eventId} deployed on ${accountId}`,
    )
  }
  // Of all of them before the first one runs: who is refused may send the same request again.
  for (const deployed of found) refuseLate(deps, deployed)
  const answers: DirectAnswer[] = []
  for (const deployed of found) {
    const outcome = await runAndKeep(deps, deployed, call, eventId)
    answers.push({ functionId: deployed.functionId, outcome })
    if (!outcome.ok) break
  }
  return answers
}

/** Before anything is noted: a refusal must cost nearly nothing. */
function refuseLate({ sandbox }: InvocationsDeps, { deploymentId, name }: DeployedFunction): void {
  if (!sandbox.isLate(deploymentId)) return
  throw new ParleyError(
    'sandbox_unavailable',
    `The function ${name} has more calls than it can answer`,
    { retryAfterMs: RETRY_AFTER_MS },
  )
}

async function runAndKeep(
  deps: InvocationsDeps,
  deployed: DeployedFunction,
  { body, requestId, source, skillId, conversationId, test }: DirectCall,
  eventId?: string,
): Promise<SandboxOutcome> {
  if (eventId === undefined) refuseLate(deps, deployed)
  const done = await runDeployed(deps, deployed, {
    body,
    trigger: { invocationId: requestId, source, skillId, eventId, conversationId },
    canAskAgain: true,
    ...(test && { test }),
  })
  keepRecord(deps, done, body)
  // A test is answered with the whole log: that of the platform, too.
  return test ? { ...done.outcome, logs: done.entries } : done.outcome
}

/** Masks when the record is written, not while the caller waits; what waits is bounded. */
export function keepRecord(deps: InvocationsDeps, done: Run, body: Uint8Array): void {
  const { record, outcome, kept } = done
  const { writer } = deps.records
  if (kept === 'nothing') {
    const { eventId, conversationId, deploymentId } = record
    const isCompact =
      outcome.ok && eventId === null && conversationId === null && deploymentId !== null
    if (isCompact) writer.recordCompact(record)
    else writer.record(record)
    return
  }
  const write = (run: Run) => ({ ...record, ...recordedDetails(deps, run, body) })
  if (kept === 'metadata') return writer.record(() => write(done))
  const bytes = body.length + ((outcome.ok && outcome.result?.length) || 0)
  if (writer.takes(bytes)) writer.record(() => write(done), bytes)
  else writer.record(write({ ...done, kept: 'metadata', statement: 'too much' }))
}
