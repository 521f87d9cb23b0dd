import { uuidOf } from '#base/kernel'
import type { Outside } from '#bots/builder-dialog'
import { openBotSandbox, withCannedAnswers } from '#bots/builder-talk'
import type { InvocationRecord } from '#faas/records'
import type { BuilderBotsDeps } from './deps.ts'
import type { StoredBuilderBot } from './repository.ts'

/** Functions of integrations have half a minute, as those of all callers. */
const TIME_LIMIT_MS = 30_000
/** What their calls are recorded under. */
const EVENT = 'conversation_builder'

interface TurnOf {
  accountId: string
  botId: string
  /** The same however often the turn is tried. */
  turnId: string
  revision: number
  conversationId?: string
  context: Pick<Outside, 'readContext' | 'changeContext'>
  /** Collects the runs of functions. */
  records: InvocationRecord[]
}

/** What a turn of a bot may ask of this server. */
export function outsideOf(
  deps: BuilderBotsDeps,
  { answers }: StoredBuilderBot,
  { accountId, botId, context, conversationId, records, revision, turnId }: TurnOf,
): Outside {
  // No function has such an id: what the bot's calls are refused is told in its notes.
  const of = { accountId, botId: `bot:${botId}`, revision: String(revision) }
  const { inTurn, ...inSandbox } = openBotSandbox(deps, of)
  let calls = 0
  const integrations = withCannedAnswers(answers, {
    callHttp: inSandbox.callHttp,
    callFunction: (_name, { headers, lambdaUuid, payload }) =>
      inTurn(TIME_LIMIT_MS, async (timeLimitMs) => {
        calls += 1
        const answer = await deps.invocations.invokeOne(accountId, lambdaUuid, {
          eventId: EVENT,
          conversationId,
          invocationId: uuidOf(`${EVENT}/${turnId}/${calls}`),
          source: 'Conversation Builder',
          headers,
          payload,
          timeLimitMs,
        })
        if (!answer) return { failed: `no function "${lambdaUuid}" is deployed` }
        records.push(answer.record)
        const { outcome } = answer
        return outcome.ok ? { result: outcome.result } : { failed: outcome.text }
      }),
  })
  return { ...inSandbox, ...integrations, ...context, random: Math.random }
}
