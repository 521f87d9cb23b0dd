import { call, RequestError, type Session } from '@parley/client'
import {
  applyReplay,
  CALLS_IN_REPLAY,
  MAX_REPLAYED_RUNS,
  replayInvocation,
  type ReplayRequest,
  type ReplayTarget,
} from '@parley/contract'
import { Command, Option } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { reasonOf } from './explain.ts'
import { commandLines, notReplayedLine, replayLines } from './replay-lines.ts'
import { followJob, resumeJob, startJob } from './replay-many.ts'
import { openSession, withServer } from './session/open-session.ts'
import { print } from './table.ts'

interface ReplayOptions extends ConnectionOptions {
  last?: string
  of?: string
  resume?: string
  on?: string
  version?: string
  draft?: boolean
  recorded?: boolean
  apply?: boolean
  calls: ReplayRequest['calls']
  json?: boolean
}

const DIFFERENT = 1
const NOT_REPLAYED = 2
const NOT_APPLIED = 1

/** Runs what ran again, from its recording, and says what is different. */
export function replayCommand(): Command {
  return withServer(
    new Command('replay').description('run again what ran, and see what is different'),
  )
    .argument('[run id]', 'the id of one run, as parley invocations --json shows it (recordId)')
    .option('--last <count>', `the last recorded runs of a function, at most ${MAX_REPLAYED_RUNS}`)
    .option('--of <function>', 'with --last: the function; not needed where there is only one')
    .option('--resume <job>', 'go on with --last where it was stopped, or show again what it found')
    .option('--on <what>', 'with draft, deployed (default), recorded, or the number of a version')
    .option('--version <number>', 'the same as --on <number>')
    .option('--draft', 'the same as --on draft')
    .option('--recorded', 'the same as --on recorded: the version that ran')
    .addOption(
      new Option('--calls <how>', 'outgoing calls: answered as recorded, blocked, or really made')
        .choices([...CALLS_IN_REPLAY])
        .default('recorded'),
    )
    .option('--apply', 'one run for a conversation that failed: apply its commands there, once')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Nothing of a replay counts, and no command is applied, but with --apply. --last runs in the server: Ctrl-C cancels it, --resume goes on. Exit code:
0 all the same, 1 something is different or the command failed, 2 nothing is different but something could not be replayed, 130 cancelled;
with --apply 0 applied, 1 not.

Examples:
  parley replay 019b8d99-6900-7000-8024-376c00fc7135 --on draft
  parley replay --last 50 --of hello --on draft
`,
    )
    .action(async (recordId: string | undefined, options: ReplayOptions) => {
      const modes = [recordId, options.last, options.resume].filter((mode) => mode !== undefined)
      if (modes.length !== 1) {
        throw new Error('Name the id of one run, or --last <count>, or --resume <job>')
      }
      const session = await openSession(options)
      process.exitCode =
        recordId === undefined
          ? await replayMany(session, options)
          : await replayOne(session, recordId, options)
    })
}

async function replayMany(session: Session, options: ReplayOptions): Promise<number> {
  const { resume, last = '', of, calls, json } = options
  if (resume !== undefined) {
    requireNothingElse(options)
    return followJob(session, await resumeJob(session, resume), { json })
  }
  if (calls === 'allowed') throw new Error('--calls allowed: only for one run at a time')
  if (options.apply) throw new Error('--apply: only for one run at a time')
  const body = { last: countOf('--last', last), against: targetOf(options), calls }
  return followJob(session, await startJob(session, of, body), { json })
}

/** A job keeps what it was started with: another choice would be taken for heard. */
function requireNothingElse(options: ReplayOptions): void {
  const { on, version, draft, recorded, of, apply, calls } = options
  const given = {
    on,
    version,
    draft,
    recorded,
    of,
    apply,
    calls: calls !== 'recorded' || undefined,
  }
  const [first] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (first) throw new Error(`--resume: not with --${first}, the job goes on as it began`)
}

async function replayOne(
  session: Session,
  recordId: string,
  options: ReplayOptions,
): Promise<number> {
  const { calls, apply } = options
  const against = targetOf(options)
  if (apply && calls !== 'recorded') throw new Error('--apply: not with --calls')
  try {
    const params = { recordId }
    if (apply) {
      const done = await call(session, applyReplay, { params, body: { against } })
      print(options.json, [done], replayLines(done) + commandLines(done))
      return done.recordId === undefined ? NOT_APPLIED : 0
    }
    const done = await call(session, replayInvocation, { params, body: { against, calls } })
    print(options.json, [done], replayLines(done))
    return done.isSame ? 0 : DIFFERENT
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 409) throw error
    const refused = reasonOf(error)
    print(options.json, [{ replayOf: recordId, refused }], notReplayedLine(recordId, refused))
    return apply ? NOT_APPLIED : NOT_REPLAYED
  }
}

function targetOf({ on, version, draft, recorded }: ReplayOptions): ReplayTarget {
  const given = [on, version, draft && 'draft', recorded && 'recorded'].filter(
    (one) => typeof one === 'string',
  )
  const [target = 'deployed', ...others] = given
  if (others.length > 0)
    throw new Error('--on, --version, --draft and --recorded: only one of them')
  if (target === 'draft' || target === 'deployed' || target === 'recorded') return target
  return { version: countOf(version === undefined ? '--on' : '--version', target) }
}

function countOf(name: string, given: string): number {
  const count = Number(given)
  if (Number.isSafeInteger(count) && count > 0) return count
  const words = name === '--on' ? 'draft, deployed, recorded or ' : ''
  throw new Error(`${name}: must be ${words}a whole number above 0`)
}
