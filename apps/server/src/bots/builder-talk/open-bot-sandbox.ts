import * as z from 'zod'
import { parseJson, storable } from '#base/input'
import { messageOf, type Monotonic } from '#base/kernel'
import { CodeAnswer, type Failed, type Outside } from '#bots/builder-dialog'
import type { FunctionVersion, Sandbox, SandboxOutcome } from '#faas/sandbox'
import { callAddress, runBotCode, searchText } from './bot-context.ts'
import { hoursTypeNow } from './hours-type.ts'

/** Which bot runs, and what its code may take. */
export interface SandboxedBot {
  accountId: string
  botId: string
  /** Another one for each state of the bot: instances are never shared between two of them. */
  revision: string
  /** Of one piece of code; that of functions unless given. */
  codeMs?: number
}

interface InSandbox extends Pick<Outside, 'runCode' | 'search' | 'callHttp'> {
  /** For what else takes time: with `limitMs` or what is left of the turn; not at all where nothing is left. */
  inTurn<Answer>(
    limitMs: number,
    ask: (limitMs: number) => Promise<Answer>,
  ): Promise<Answer | Failed>
}

/** All that one turn waits for together: code, HTTP APIs, functions. */
const TURN_MS = 120_000
const SEARCH_MS = 1_000
/** Of one HTTP call, from the moment that it is connected. */
const HTTP_MS = 30_000
/** For looking up a name, connecting, and telling why a call was cut. */
const HTTP_MARGIN_MS = 5_000
const MAX_ANSWER_CHARACTERS = 200_000
const BOUNDS = { maxValues: 100_000 }
const USED_UP = `the turn has used up its ${TURN_MS / 1000} s`

const HttpAnswer = z.union([
  z.object({ failed: z.string() }),
  z.object({ status: z.int(), body: z.string() }),
])

/** What an instance of a bot runs: one of three things, by the payload's member. */
const PROGRAM = `${runBotCode.toString()}
${hoursTypeNow.toString()}
${searchText.toString()}
${callAddress.toString()}
const lambda = ({ payload }) => {
  if (payload.code) return runBotCode(payload.code, hoursTypeNow)
  if (payload.search) return searchText(payload.search)
  return callAddress(payload.http)
}`

/** Runs what a bot's export brings, in the sandbox of functions and by their rules. To be opened for each turn. */
export function openBotSandbox(
  { sandbox, monotonic }: { sandbox: Pick<Sandbox, 'invoke'>; monotonic: Monotonic },
  { accountId, botId, codeMs, revision }: SandboxedBot,
): InSandbox {
  const version: FunctionVersion = {
    accountId,
    functionId: botId,
    deploymentId: `bot ${botId} ${revision}`,
    code: PROGRAM,
    delivers: 'return',
    env: {},
    outgoingMs: HTTP_MS,
  }
  const end = monotonic.now() + TURN_MS
  const left = () => Math.floor(end - monotonic.now())

  async function run<Answer>(
    payload: object,
    schema: z.ZodType<Answer>,
    limitMs?: number,
  ): Promise<Answer | Failed> {
    const leftMs = left()
    if (leftMs <= 0) return { failed: USED_UP }
    const timeLimitMs = limitMs === undefined ? undefined : Math.min(limitMs, leftMs)
    const outcome = await sandbox.invoke({
      version,
      invocationId: revision,
      body: Buffer.from(JSON.stringify({ headers: [], payload })),
      ...(timeLimitMs !== undefined && { timeLimitMs }),
      onlyComputes: 'search' in payload,
    })
    return readOutcome(outcome, schema)
  }

  return {
    runCode: (code) => run({ code }, CodeAnswer, codeMs),
    search: (pattern, text) => run({ search: { pattern, text } }, z.boolean(), SEARCH_MS),
    callHttp: (_name, request) =>
      run(
        { http: { request, maxCharacters: MAX_ANSWER_CHARACTERS } },
        HttpAnswer,
        HTTP_MS + HTTP_MARGIN_MS,
      ),
    inTurn(limitMs, ask) {
      const leftMs = left()
      if (leftMs <= 0) return Promise.resolve({ failed: USED_UP })
      return ask(Math.min(limitMs, leftMs))
    },
  }
}

function readOutcome<Answer>(outcome: SandboxOutcome, schema: z.ZodType<Answer>): Answer | Failed {
  if (!outcome.ok) {
    const [reason] = outcome.outgoing.flatMap(({ failed, refused }) => refused ?? failed ?? [])
    if (reason !== undefined) return { failed: reason }
    const { message } = outcome
    return { failed: typeof message === 'string' ? message : JSON.stringify(message) }
  }
  try {
    const text = Buffer.from(outcome.result ?? '').toString()
    // Code cuts texts anywhere, also in the middle of an emoji.
    return schema.parse(storable(parseJson(text, 'answer', BOUNDS)))
  } catch (error) {
    return { failed: `an answer that is of no use: ${messageOf(error).slice(0, 200)}` }
  }
}
