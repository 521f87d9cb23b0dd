import { call, type Session } from '@parley/client'
import { type FunctionSummary, listFunctions, testFunction } from '@parley/contract'
import { type EventDefinition, EVENTS, NO_EVENT } from '@parley/contract/events'
import { readGivenFile } from '@parley/server/given-file'
import { Command } from 'commander'
import type * as z from 'zod'
import type { ConnectionOptions } from './connection.ts'
import { fromCaller } from './folders.ts'
import { findFunctionByName } from './functions.ts'
import { logLines } from './log-lines.ts'
import { findWorld, openSession, withServer } from './session/open-session.ts'
import { print, table } from './table.ts'
import { changePayload } from './trigger/change-payload.ts'
import { commandsOf } from './trigger/commands-of.ts'
import { eventOf } from './trigger/find-event.ts'
import { writeOut } from './visible.ts'

interface TriggerOptions extends ConnectionOptions {
  set?: string[]
  skill?: string
  function?: string
  payload?: string
  json?: boolean
}

type Raised = Pick<EventDefinition, 'id' | 'samplePayload'> & { payload?: z.ZodType }

/** Raises an event for the deployed functions that are tied to it, with its sample payload. */
export function triggerCommand(): Command {
  return withServer(
    new Command('trigger').description('raise an event, and show what its functions do'),
  )
    .argument(
      '[event]',
      'id or name of an event; without one, and without --function, they are listed',
    )
    .option('--set <path=value...>', 'change a member of the payload')
    .option('--skill <id>', 'only functions for this skill')
    .option('--function <name>', 'only this function; its own event unless another is named')
    .option('--payload <file>', 'take the payload of this JSON file instead of the sample')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
The payload is the sample of the event. With --function and without an event it is, in the project of a parley dev, that of
"input" in the function's config.json, if there is one.

The functions run in the sandbox as deployed, one after the other until one fails. No conversation is behind the event, so
commands are shown and not applied. Exits with 1 when a function fails.

Examples:
  parley trigger
  parley trigger controllerbot_messaging_new_conversation --set payload.general.inOffHours=true
  parley trigger --function greet --payload greet.json
`,
    )
    .action(async (given: string | undefined, options: TriggerOptions) => {
      const session = await openSession(options)
      if (given === undefined && options.function === undefined) return listEvents(session, options)
      const event = given === undefined ? undefined : eventOf(given)
      const { raised, functions } = await findTargets(session, event, options)
      const payload = payloadOf(raised, options, await startOf(raised, event, options))
      const runs = []
      for (const one of functions) {
        const run = await runOne(session, one, raised, payload)
        runs.push(run)
        if (!options.json) writeOut(run.text)
        if (run.outcome === 'SUCCEEDED') continue
        process.exitCode = 1
        break
      }
      if (options.json)
        print(
          true,
          runs.map(({ text: _text, ...run }) => run),
          '',
        )
    })
}

async function listEvents(session: Session, { json }: TriggerOptions): Promise<void> {
  const { functions } = await call(session, listFunctions)
  const events = EVENTS.map(({ id, name, source }) => ({
    id,
    name,
    source,
    functions: functions
      .filter(({ eventId, liveVersion }) => eventId === id && liveVersion !== undefined)
      .map((one) => one.name),
  }))
  const rows = events.map(({ id, name, functions: live }) => [id, name, live.join(', ') || '-'])
  print(json, events, table(['EVENT', 'NAME', 'DEPLOYED FUNCTIONS'], rows))
}

/** @throws an `Error` that says which function there is not */
async function findTargets(
  session: Session,
  event: EventDefinition | undefined,
  options: TriggerOptions,
): Promise<{ raised: Raised; functions: FunctionSummary[] }> {
  if (options.function !== undefined) {
    const found = await findFunctionByName(session, options.function)
    if (found.liveVersion === undefined)
      throw new Error(`${found.name} is not deployed: parley deploy does it`)
    const own = found.eventId === undefined ? undefined : eventOf(found.eventId)
    return {
      raised: event ?? own ?? { id: 'none', samplePayload: NO_EVENT.samplePayload },
      functions: [found],
    }
  }
  if (!event) throw new Error('There is neither an event nor a function')
  const query = { eventId: event.id, skillId: options.skill }
  const { functions } = await call(session, listFunctions, { query })
  const live = functions.filter(({ liveVersion }) => liveVersion !== undefined)
  if (live.length > 0) return { raised: event, functions: live }
  const skill = options.skill === undefined ? '' : ` and the skill ${options.skill}`
  throw new Error(
    `No function is deployed for ${event.id}${skill}: parley deploy <path> --event ${event.id}`,
  )
}

/** The payload that `--set` changes. */
async function startOf(
  { samplePayload }: Raised,
  event: EventDefinition | undefined,
  options: TriggerOptions,
): Promise<unknown> {
  if (options.payload !== undefined) return readJsonFile(fromCaller(options.payload))
  const world = event === undefined ? findWorld(options) : undefined
  if (!world || options.function === undefined) return samplePayload.payload
  // Loaded only now: who has mistyped an event is told so at once.
  const { configuredPayload } = await import('./trigger/configured-payload.ts')
  return (await configuredPayload(options.function, world.dataDir)) ?? samplePayload.payload
}

/** @throws an `Error` that names the member that the event cannot have */
function payloadOf({ id, payload: schema }: Raised, options: TriggerOptions, start: unknown) {
  const payload = changePayload(start, options.set ?? [])
  const parsed = schema?.safeParse(payload)
  if (!parsed || parsed.success) return payload
  const [issue] = parsed.error.issues
  const path = ['payload', ...(issue?.path ?? [])].join('.')
  throw new Error(`${path} of ${id}: ${issue?.message}`)
}

function readJsonFile(file: string): unknown {
  try {
    return JSON.parse(readGivenFile(file)) as unknown
  } catch (cause) {
    throw new Error(
      `--payload ${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}

async function runOne(session: Session, found: FunctionSummary, { id }: Raised, payload: unknown) {
  const { functionId, name, liveVersion: version } = found
  const answer = await call(session, testFunction, {
    params: { functionId },
    body: { target: 'deployed', payload, keepLogs: true },
  })
  const { outcome, durationMs, result, logs, errorMessage, stack, invocationId } = answer
  const commands = outcome === 'SUCCEEDED' ? commandsOf(id, result) : []
  const lines = [
    `${name} v${version} ${outcome} ${durationMs.toFixed(0)} ms`,
    ...logs.flatMap((entry) => logLines(entry)).map((line) => `  ${line}`),
    ...commands.map(
      ({ type, counts, reason }) =>
        `  command ${type}: ${counts ? 'counts' : 'ignored'}${reason ? `, ${reason}` : ''}`,
    ),
  ]
  if (outcome === 'SUCCEEDED') lines.push(`  result ${JSON.stringify(result) ?? '(none)'}`)
  const text = `${lines.join('\n')}\n`
  return {
    name,
    version,
    invocationId,
    outcome,
    durationMs,
    result,
    commands,
    logs,
    errorMessage,
    stack,
    text,
  }
}
