import type { TestInvocation } from '@parley/contract'
import { type DeployedFunction, getWholeFunction, readRunnable } from '#faas/functions'
import { ParleyError } from '#base/kernel'
import { describeFailure } from './failures.ts'
import { keepRecord } from './direct.ts'
import { type InvocationsRoom, type Run, run, type RunCall, runDeployed } from './run.ts'

/** Runs the deployed version or the draft once; everything comes back, no log rows are stored. */
export async function testFunction(
  room: InvocationsRoom,
  accountId: string,
  functionId: string,
  { target, headers, payload }: TestInvocation,
) {
  const { functionsEnabled, limits } = await room.accounts.settings(accountId)
  if (!functionsEnabled) {
    throw new ParleyError('functions_disabled', `Functions are switched off for ${accountId}`)
  }
  const invocationId = room.ids.uuid()
  const body = Buffer.from(JSON.stringify({ timestamp: room.clock.now(), headers, payload }))
  const call: RunCall = { body, trigger: { invocationId, source: 'test' }, test: true }
  const done =
    target === 'draft'
      ? await runDraft(room, accountId, functionId, call)
      : await runDeployed(room, await getDeployed(room, accountId, functionId), call)
  keepRecord(room, done, body)
  return describeTest(done, limits)
}

async function getDeployed(
  room: InvocationsRoom,
  accountId: string,
  functionId: string,
): Promise<DeployedFunction> {
  const { row } = await getWholeFunction(room.functions.room, accountId, functionId)
  const [deployed] = await room.functions.findDeployed(accountId, { functionId })
  if (deployed) return deployed
  throw new ParleyError('function_not_deployed', `Function "${row.name}" is not deployed`)
}

/** In an instance of its own that ends with the test. */
async function runDraft(
  room: InvocationsRoom,
  accountId: string,
  functionId: string,
  call: RunCall,
): Promise<Run> {
  const { row } = await getWholeFunction(room.functions.room, accountId, functionId)
  const deploymentId = room.ids.uuid()
  const { version } = row
  const of = { accountId, functionId, deploymentId, version }
  const runnable = await readRunnable(room.functions.room, of)
  try {
    return await run(room, { accountId, functionId, version, deploymentId: null }, runnable, call)
  } finally {
    room.sandbox.retire(deploymentId)
  }
}

function describeTest(
  { outcome, record }: Run,
  { logEntries, logCharacters }: { logEntries: number; logCharacters: number },
) {
  const stored = outcome.logs.filter(({ level }) => level !== 'Debug')
  const characters = stored.reduce(
    (sum, { message, extras }) =>
      sum + message.length + (extras.length > 0 ? JSON.stringify(extras).length : 0),
    0,
  )
  const isOver = stored.length > logEntries || characters > logCharacters
  const failure = outcome.ok ? undefined : describeFailure(outcome)
  return {
    recordId: record.recordId,
    outcome: record.outcome,
    ...(outcome.ok &&
      outcome.result && { result: JSON.parse(Buffer.from(outcome.result).toString()) as unknown }),
    ...(failure && { errorCode: failure.errorCode, errorMessage: failure.message }),
    ...(failure?.stack !== undefined && { stack: failure.stack }),
    durationMs: outcome.durationMs,
    coldStart: record.coldStart,
    logs: outcome.logs,
    warnings: isOver
      ? [
          `A deployed function may log ${logEntries} entries and ${logCharacters} characters per invocation; this one would fail`,
        ]
      : [],
  }
}
