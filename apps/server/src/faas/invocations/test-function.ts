import type { TestInvocation } from '@parley/contract'
import type { DeployedFunction } from '#faas/functions'
import { ParleyError } from '#base/kernel'
import { describeFailure } from './failures.ts'
import { keepRecord } from './direct.ts'
import type { InvocationsDeps } from './deps.ts'
import { recordedCalls } from './recorded-parts.ts'
import { readResult } from './read-result.ts'
import { type Run, run, type RunCall, runDeployed } from './run.ts'

/** Runs the deployed version or the draft once. Returns the result and the whole log; stores log rows only when it is told to. */
export async function testFunction(
  deps: InvocationsDeps,
  accountId: string,
  functionId: string,
  { target, headers, payload, keepLogs }: TestInvocation,
) {
  const { functionsEnabled, limits } = await deps.settings.get(accountId)
  if (!functionsEnabled) {
    throw new ParleyError('functions_disabled', `Functions are switched off for ${accountId}`)
  }
  const invocationId = deps.ids.uuid()
  const body = Buffer.from(JSON.stringify({ timestamp: deps.clock.now(), headers, payload }))
  const call: RunCall = { body, trigger: { invocationId, source: 'test' }, test: true, keepLogs }
  const done =
    target === 'draft'
      ? await runDraft(deps, accountId, functionId, call)
      : await runDeployed(deps, await getDeployed(deps, accountId, functionId), call)
  keepRecord(deps, done, body)
  return {
    ...describeTest(done, limits),
    outgoing: recordedCalls(done.outcome, deps.maskOf(accountId)) ?? [],
  }
}

async function getDeployed(
  deps: InvocationsDeps,
  accountId: string,
  functionId: string,
): Promise<DeployedFunction> {
  const { row } = await deps.functions.drafts.getWhole(accountId, functionId)
  const [deployed] = await deps.functions.deployed.find(accountId, { functionId })
  if (deployed) return deployed
  throw new ParleyError('function_not_deployed', `Function "${row.name}" is not deployed`)
}

/** Runs the draft in an instance of its own that ends with the test. */
async function runDraft(
  deps: InvocationsDeps,
  accountId: string,
  functionId: string,
  call: RunCall,
): Promise<Run> {
  const { row } = await deps.functions.drafts.getWhole(accountId, functionId)
  const deploymentId = deps.ids.uuid()
  const { version } = row
  const of = { accountId, functionId, deploymentId, version }
  const runnable = await deps.functions.runnables.read(of)
  try {
    return await run(deps, { accountId, functionId, version, deploymentId: null }, runnable, call)
  } finally {
    deps.sandbox.retire(deploymentId)
  }
}

function describeTest(
  { outcome, entries, record }: Run,
  { logEntries, logCharacters }: { logEntries: number; logCharacters: number },
) {
  const failure = outcome.ok ? undefined : describeFailure(outcome)
  const result = outcome.ok && outcome.result ? readResult(outcome.result) : undefined
  return {
    recordId: record.recordId,
    invocationId: record.invocationId,
    outcome: record.outcome,
    ...(result?.ok && { result: result.value }),
    ...(failure && { errorCode: failure.errorCode, errorMessage: failure.message }),
    ...(failure?.stack !== undefined && { stack: failure.stack }),
    durationMs: outcome.durationMs,
    coldStart: record.coldStart,
    logs: entries,
    warnings: [
      ...(outcome.isOverLogLimit
        ? [
            `A deployed function may log ${logEntries} entries and ${logCharacters} characters per invocation; this one would fail`,
          ]
        : []),
      ...(result?.ok === false ? [`${result.reason}; it is not shown, and events refuse it`] : []),
    ],
  }
}
