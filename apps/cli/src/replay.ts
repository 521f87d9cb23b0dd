import { call, RequestError } from '@parley/client'
import {
  CALLS_IN_REPLAY,
  type Difference,
  listInvocations,
  type Replay,
  replayInvocation,
  type ReplayRequest,
} from '@parley/contract'
import { Command, Option } from 'commander'
import type { ConnectionOptions } from './connection.ts'
import { findFunctionByName } from './functions.ts'
import { openSession, withServer } from './session/open-session.ts'

interface ReplayOptions extends ConnectionOptions {
  last?: string
  of?: string
  version?: string
  draft?: boolean
  recorded?: boolean
  calls: ReplayRequest['calls']
  json?: boolean
}

type Session = Awaited<ReturnType<typeof openSession>>
type Replayed = Replay | { replayOf: string; refused: string }

const DIFFERENT = 1
const NOT_REPLAYED = 2
const PAGE = 500
const AT_ONCE = 2
const MAX_SHOWN = 10
const MAX_CHARACTERS = 160

/** Runs what ran again, from its recording, and says what is different. */
export function replayCommand(): Command {
  return withServer(
    new Command('replay').description('run again what ran, and see what is different'),
  )
    .argument('[run id]', 'the id of one run, as parley invocations --json shows it (recordId)')
    .option('--last <count>', 'the last runs instead of one')
    .option('--of <function>', 'with --last: only those of this function')
    .option('--version <number>', 'with this version (default: the deployed one)')
    .option('--draft', 'with the draft')
    .option('--recorded', 'with the version that ran')
    .addOption(
      new Option('--calls <how>', 'outgoing calls: answered as recorded, blocked, or really made')
        .choices([...CALLS_IN_REPLAY])
        .default('recorded'),
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Nothing of a replay counts, and no command is applied. Exit code: 0 all the same, 1 something is different, 2 something could
not be replayed.

Examples:
  parley replay 019b8d99-6900-7000-8024-376c00fc7135 --draft
  parley replay --last 50 --of hello --draft
`,
    )
    .action(async (recordId: string | undefined, options: ReplayOptions) => {
      const session = await openSession(options)
      const request = requestOf(options)
      const ids = await idsOf(session, recordId, options)
      if (ids.length === 0) throw new Error('Nothing has run that could be replayed')
      const done = await replayAll(session, ids, request, options.json ? () => undefined : show)
      if (options.json) process.stdout.write(`${JSON.stringify(done, null, 2)}\n`)
      else if (ids.length > 1) process.stdout.write(summary(done))
      process.exitCode = exitCodeOf(done)
    })
}

function requestOf({ version, draft, recorded, calls }: ReplayOptions): ReplayRequest {
  if ([version, draft, recorded].filter(Boolean).length > 1) {
    throw new Error('--version, --draft and --recorded: only one of them')
  }
  if (version !== undefined) return { against: { version: countOf('--version', version) }, calls }
  return { against: draft ? 'draft' : recorded ? 'recorded' : 'deployed', calls }
}

function countOf(name: string, given: string): number {
  const count = Number(given)
  if (Number.isSafeInteger(count) && count > 0) return count
  throw new Error(`${name}: must be a whole number above 0`)
}

async function idsOf(
  session: Session,
  recordId: string | undefined,
  { last, of }: ReplayOptions,
): Promise<string[]> {
  if (recordId !== undefined && last === undefined) return [recordId]
  if (recordId !== undefined || last === undefined) {
    throw new Error('Name the id of one run, or --last <count>')
  }
  const functionId = of && (await findFunctionByName(session, of)).functionId
  const ids: string[] = []
  let after: string | undefined
  for (let left = countOf('--last', last); left > 0;) {
    const query = { functionId, after, limit: Math.min(left, PAGE) }
    const { invocations, next } = await call(session, listInvocations, { query })
    ids.unshift(...invocations.map((one) => one.recordId))
    left -= invocations.length
    after = next
    if (next === undefined) break
  }
  return ids
}

/** In their order; a few at once. */
async function replayAll(
  session: Session,
  ids: readonly string[],
  body: ReplayRequest,
  onDone: (one: Replayed) => void,
): Promise<Replayed[]> {
  const done: Replayed[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE).map((id) => replayOne(session, id, body))
    for (const one of await Promise.all(some)) {
      onDone(one)
      done.push(one)
    }
  }
  return done
}

async function replayOne(
  session: Session,
  recordId: string,
  body: ReplayRequest,
): Promise<Replayed> {
  try {
    return await call(session, replayInvocation, { params: { recordId }, body })
  } catch (error) {
    if (!(error instanceof RequestError) || error.status !== 409) throw error
    return { replayOf: recordId, refused: error.message }
  }
}

function show(one: Replayed): void {
  process.stdout.write(textOf(one))
}

function textOf(one: Replayed): string {
  if ('refused' in one) return `${one.replayOf}  not replayed: ${one.refused}\n`
  const { replayOf, version, recordedVersion, isSame, differences, notes, outcome } = one
  const versions =
    version === recordedVersion ? `version ${version}` : `version ${recordedVersion} → ${version}`
  const said = isSame ? 'the same' : `${differences.length} different`
  const lines = differences.slice(0, MAX_SHOWN).map((found) => `  ${lineOf(found)}`)
  const more =
    differences.length > MAX_SHOWN ? [`  and ${differences.length - MAX_SHOWN} more`] : []
  const told = isSame ? [] : notes.map((note) => `  (${note})`)
  return [`${replayOf}  ${versions}  ${outcome}  ${said}`, ...lines, ...more, ...told, ''].join(
    '\n',
  )
}

function lineOf({ part, path, recorded, replayed }: Difference): string {
  const place = path === '' ? part : `${part} ${path}`
  return `${place}: ${shortOf(recorded)} → ${shortOf(replayed)}`
}

function shortOf(value: unknown): string {
  const text = value === undefined ? '-' : JSON.stringify(value)
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}

function summary(done: readonly Replayed[]): string {
  const refused = done.filter((one) => 'refused' in one).length
  const same = done.filter((one) => 'isSame' in one && one.isSame).length
  const different = done.length - refused - same
  return `${done.length} runs: ${same} the same, ${different} different, ${refused} not replayed\n`
}

function exitCodeOf(done: readonly Replayed[]): number {
  if (done.some((one) => 'refused' in one)) return NOT_REPLAYED
  return done.every((one) => 'isSame' in one && one.isSame) ? 0 : DIFFERENT
}
