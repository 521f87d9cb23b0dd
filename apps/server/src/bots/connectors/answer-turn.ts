import type { BotErrorSuffix } from '@parley/contract'
import type { FunctionAnswer } from '#faas/invocations'
import type { InvocationRecord } from '#faas/records'
import type { BotFails, BotFailure, BotSays, BotTurn } from '#bots/bot-agents'
import { askFunction, type FunctionAsk } from './ask-function.ts'
import type { ConnectorDefinition } from './definition.ts'
import type { ConnectorsDeps } from './deps.ts'
import { lpEventOf } from './lp-event.ts'
import { isAnswer, parseAnswer } from './parse-answer.ts'
import { findConnector } from './repository.ts'

/** What has happened in a turn so far: kept for the records and for the error hook. */
interface Course {
  records: InvocationRecord[]
  asked?: unknown
  answered?: unknown
}

class TurnFailure extends Error {
  readonly error: BotErrorSuffix

  constructor(error: BotErrorSuffix) {
    super(error)
    this.error = error
  }
}

/** One turn: payload, pre hook, vendor, post hook, what the bot says (`spec/bots.md` 3.2). */
export async function answerTurn(deps: ConnectorsDeps, turn: BotTurn): Promise<BotSays | BotFails> {
  const course: Course = { records: [] }
  try {
    const stored = await findConnector(deps.store.db, turn.accountId, turn.bot.botId)
    if (!stored) throw new TurnFailure('aivendor.faas.failed-faas-request')
    return await askVendor(deps, turn, stored.definition, course)
  } catch (error) {
    if (!(error instanceof TurnFailure)) throw error
    const { records, asked, answered } = course
    const detail = { faasPayload: asked, ...(answered !== undefined && { faas: answered }) }
    return { ok: false, error: error.error, detail, records }
  }
}

async function askVendor(
  deps: ConnectorsDeps,
  turn: BotTurn,
  { vendor, hooks = {} }: ConnectorDefinition,
  course: Course,
): Promise<BotSays> {
  const run = async (
    functionId: string,
    eventId: FunctionAsk['eventId'],
    payload: unknown,
  ): Promise<FunctionAnswer | undefined> => {
    const answer = await askFunction(deps, {
      accountId: turn.accountId,
      functionId,
      eventId,
      callId: turn.turnId,
      conversationId: turn.conversation.conversationId,
      skillId: turn.conversation.skillId,
      payload,
    })
    if (answer) course.records.push(answer.record)
    return answer
  }
  const hook = async (functionId: string, eventId: FunctionAsk['eventId'], payload: unknown) => {
    const answer = await run(functionId, eventId, payload)
    if (!answer?.outcome.ok) throw new TurnFailure('aivendor.faas.failed-hook')
    return answer.outcome.result
  }

  course.asked = requestOf(turn)
  if (hooks.pre !== undefined) {
    const changed = await hook(hooks.pre, 'bot_connectors_pre_hook', course.asked)
    if (!isObject(changed)) throw new TurnFailure('aivendor.faas.failed-hook')
    course.asked = changed
  }
  const answer = await run(vendor.functionId, 'bot_connectors_custom_integration', course.asked)
  if (!answer) throw new TurnFailure('aivendor.faas.failed-faas-request')
  if (!answer.outcome.ok) throw new TurnFailure('aivendor.faas.invoke-lambda')
  course.answered = answer.outcome.result
  if (course.answered === undefined || course.answered === null) {
    throw new TurnFailure('aivendor.faas.missing-response-body')
  }
  if (hooks.post !== undefined) {
    const changed = await hook(hooks.post, 'bot_connectors_post_hook', course.answered)
    if (!isAnswer(changed)) throw new TurnFailure('aivendor.faas.failed-hook')
    course.answered = changed
  }
  const parsed = parseAnswer(course.answered)
  if (!parsed.ok) throw new TurnFailure(parsed.error)
  return { ...parsed, records: course.records }
}

function requestOf(turn: BotTurn): object {
  const { cue, conversation, sdes } = turn
  return {
    ...(cue.kind === 'messages' && { message: cue.text }),
    convId: conversation.conversationId,
    ...(cue.kind === 'welcome' && { event: { name: 'WELCOME' } }),
    context: {
      lpEvent: lpEventOf(turn),
      lpSdes: sdes ?? { unauthenticatedSdes: {}, authenticatedSdes: {} },
    },
  }
}

/** The error hook: nothing is done with its answer, and its failure is in its record only. */
export async function tellFailure(
  deps: ConnectorsDeps,
  { accountId, botId, errorId, name, conversationId, detail }: BotFailure,
): Promise<InvocationRecord[]> {
  const stored = await findConnector(deps.store.db, accountId, botId)
  const functionId = stored?.definition.hooks?.error
  if (functionId === undefined) return []
  const answer = await askFunction(deps, {
    accountId,
    functionId,
    eventId: 'bot_connectors_error_hook',
    callId: errorId,
    conversationId,
    payload: { error: { errorId, name }, vendor: 'faas', ...(isObject(detail) && detail) },
  })
  return answer ? [answer.record] : []
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
