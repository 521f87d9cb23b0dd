import { setTimeout as sleep } from 'node:timers/promises'
import { call, RequestError, type Session } from '@parley/client'
import {
  cancelReplayJob,
  getReplayedRun,
  getReplayJob,
  listFunctions,
  listReplayedRuns,
  type ReplayedRun,
  type ReplayJob,
  type ReplayJobRequest,
  resumeReplayJob,
  startReplayJob,
} from '@parley/contract'
import { explain, reasonOf } from './explain.ts'
import { findFunctionByName } from './functions.ts'
import { notReplayedLine, replayLines } from './replay-lines.ts'
import { writeNote, writeOut } from './visible.ts'

const LOOK_EVERY_MS = 500
const PAGE = 200
const MAX_SHOWN = 20
const CLEAR_LINE = '\r\u001B[K'
/** As shells say it of what Ctrl-C has ended. */
const INTERRUPTED = 130
const DIFFERENT = 1
const NOT_REPLAYED = 2

/** Starts a job for the newest runs of a function. */
export async function startJob(
  session: Session,
  name: string | undefined,
  body: Pick<ReplayJobRequest, 'last' | 'against' | 'calls'>,
): Promise<ReplayJob> {
  const functionId = await functionOf(session, name)
  try {
    return await call(session, startReplayJob, { params: { functionId }, body })
  } catch (error) {
    const running = error instanceof RequestError ? runningJobOf(error) : undefined
    if (running === undefined) throw error
    const { says, jobId } = running
    const how = `watch it by parley replay --resume ${jobId}, or wait for its end`
    throw new Error(`${says}: ${how}`, { cause: error })
  }
}

/** The job because of which another one is refused. */
function runningJobOf(refused: RequestError): { says: string; jobId: string } | undefined {
  const { error } = (refused.body ?? {}) as { error?: { code?: unknown } }
  if (error?.code !== 'replay_job_running') return undefined
  const says = reasonOf(refused)
  const [, jobId] = /"([\da-f-]{36})"/.exec(says) ?? []
  return jobId === undefined ? undefined : { says, jobId }
}

/** @throws an `Error` that names the functions, when none was named and there are several */
async function functionOf(session: Session, name: string | undefined): Promise<string> {
  if (name !== undefined) return (await findFunctionByName(session, name)).functionId
  const { functions } = await call(session, listFunctions)
  const [only, ...others] = functions
  if (only && others.length === 0) return only.functionId
  const names = functions.map((one) => one.name).join(', ')
  throw new Error(`--last needs the function: --of <function>. There are: ${names}`)
}

/** Lets a job that was stopped go on; one that runs, or is done, is only followed. */
export async function resumeJob(session: Session, jobId: string): Promise<ReplayJob> {
  const job = await call(session, getReplayJob, { params: { jobId } })
  if (job.state === 'running' || job.state === 'done') return job
  return call(session, resumeReplayJob, { params: { jobId } })
}

/**
 * Follows a job to its end, and shows what it has found. Ctrl-C cancels it.
 * @returns the exit code
 * @throws an `Error` that says how to see the rest when the server cannot be asked any more
 */
export async function followJob(
  session: Session,
  started: ReplayJob,
  options: { json?: boolean | undefined },
): Promise<number> {
  try {
    return await followToItsEnd(session, started, options)
  } catch (cause) {
    const how = `To see what it finds: parley replay --resume ${started.jobId}`
    throw new Error(`${explain(cause)}\nThe job goes on in the server. ${how}`, { cause })
  }
}

async function followToItsEnd(
  session: Session,
  started: ReplayJob,
  { json = false }: { json?: boolean | undefined },
): Promise<number> {
  const { jobId } = started
  const stopping = new AbortController()
  process.once('SIGINT', () => stopping.abort())
  let job = started
  while (job.state === 'running') {
    showProgress(job)
    if (stopping.signal.aborted) {
      job = await call(session, cancelReplayJob, { params: { jobId } })
    } else {
      await pause(stopping.signal)
      job = await call(session, getReplayJob, { params: { jobId } })
    }
  }
  if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE)
  const runs = await allRuns(session, jobId)
  if (json) writeOut(`${JSON.stringify({ job, runs }, null, 2)}\n`)
  else await show(session, job, runs)
  if (job.state !== 'done') writeNote(howToGoOn(job))
  return exitCodeOf(job, stopping.signal.aborted)
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await sleep(LOOK_EVERY_MS, undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function showProgress({ done, total, same, different, notReplayed }: ReplayJob): void {
  if (!process.stderr.isTTY) return
  const counts = `${same} the same, ${different} different, ${notReplayed} not replayed`
  process.stderr.write(`${CLEAR_LINE}${done} of ${total} runs: ${counts}`)
}

/** Those that are different or were not replayed. */
async function allRuns(session: Session, jobId: string): Promise<ReplayedRun[]> {
  const runs: ReplayedRun[] = []
  let after: string | undefined
  do {
    const page = await call(session, listReplayedRuns, {
      params: { jobId },
      query: { after, limit: PAGE },
    })
    runs.push(...page.runs)
    after = page.next
  } while (after !== undefined)
  return runs
}

async function show(
  session: Session,
  { jobId, done, same, different, notReplayed, reasons }: ReplayJob,
  runs: readonly ReplayedRun[],
): Promise<void> {
  for (const run of runs.slice(0, MAX_SHOWN)) {
    writeOut(await textOf(session, jobId, run))
  }
  if (runs.length > MAX_SHOWN) {
    writeOut(`and ${runs.length - MAX_SHOWN} more: --resume ${jobId} --json\n`)
  }
  for (const { count, says } of reasons) writeOut(`${count} not replayed: ${says}\n`)
  const counts = `${same} the same, ${different} different, ${notReplayed} not replayed`
  writeOut(`${done} ${done === 1 ? 'run' : 'runs'}: ${counts}\n`)
}

async function textOf(
  session: Session,
  jobId: string,
  { recordId, reason }: ReplayedRun,
): Promise<string> {
  if (reason) return notReplayedLine(recordId, reason.says)
  const run = await call(session, getReplayedRun, { params: { jobId, recordId } })
  const { recordedVersion = 0, version = 0, outcome = 'UNKOWN', differences, notes } = run
  return replayLines({ replayOf: recordId, recordedVersion, version, outcome, differences, notes })
}

function howToGoOn({ jobId, state, problem, done, total }: ReplayJob): string {
  const what = state === 'broken' ? (problem ?? 'It is broken') : 'Cancelled'
  return `${what}: ${done} of ${total} runs are done. To go on: parley replay --resume ${jobId}\n`
}

function exitCodeOf({ state, different, notReplayed }: ReplayJob, isInterrupted: boolean): number {
  if (isInterrupted && state !== 'done') return INTERRUPTED
  if (different > 0) return DIFFERENT
  return notReplayed > 0 || state !== 'done' ? NOT_REPLAYED : 0
}
