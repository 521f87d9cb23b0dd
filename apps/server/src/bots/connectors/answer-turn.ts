import { isDeepStrictEqual } from 'node:util'
import { storable } from '#base/input'
import type { InvocationRecord } from '#faas/records'
import type { BotFails, BotFailure, BotSays, BotTurn } from '#bots/bot-agents'
import { askFunction, type FunctionAsk, notDeployed } from './ask-function.ts'
import type { ConnectorsDeps } from './deps.ts'
import { endpointVendor } from './endpoint-vendor.ts'
import { functionVendor } from './function-vendor.ts'
import { findConnector, type StoredConnector } from './repository.ts'
import { TurnFailure } from './turn-failure.ts'
import type { Vendor } from './vendor.ts'

/** What has happened in a turn so far: kept for the records and for the error hook. */
interface Course {
  records: InvocationRecord[]
  asked: unknown
  answered?: unknown
}

const HOOKS = {
  pre: 'bot_connectors_pre_hook',
  post: 'bot_connectors_post_hook',
} as const satisfies Record<string, FunctionAsk['eventId']>

/** One turn: payload, pre hook, vendor, post hook, what the bot says (`spec/bots.md` 3.2). */
export async function answerTurn(deps: ConnectorsDeps, turn: BotTurn): Promise<BotSays | BotFails> {
  const stored = await findConnector(deps.store.db, turn.accountId, turn.bot.botId)
  if (!stored) return { ok: false, error: 'aivendor.faas.failed-faas-request', records: [] }
  const isEndpoint = stored.definition.vendor.kind === 'endpoint'
  // Endpoints are told of the start in messaging only (`spec/bots.md` 3.7).
  if (isEndpoint && turn.cue.kind === 'welcome' && turn.conversation.channel === 'chat') {
    return { ok: true, messages: [], records: [] }
  }
  const vendor = vendorOf(deps, turn, stored)
  const course: Course = { records: [], asked: vendor.request }
  try {
    const says = await askVendor(deps, turn, vendor, stored, course)
    return { ...says, detail: detailOf(vendor, course) }
  } catch (error) {
    if (!(error instanceof TurnFailure)) throw error
    deps.logger.warn(
      { accountId: turn.accountId, botId: turn.bot.botId, err: error.cause },
      `A bot could not answer: ${error.error}`,
    )
    return {
      ok: false,
      error: error.error,
      reason: error.reason,
      detail: detailOf(vendor, course),
      records: course.records,
    }
  }
}

/** What the error hook is told of a turn, should it or what it says fail (`spec/bots.md` 3.5). */
function detailOf({ names }: Vendor, { asked, answered }: Course): Record<string, unknown> {
  return {
    vendor: names.vendor,
    [names.asked]: asked,
    ...(answered !== undefined && { [names.answered]: answered }),
  }
}

function vendorOf(deps: ConnectorsDeps, turn: BotTurn, stored: StoredConnector): Vendor {
  const { vendor } = stored.definition
  return vendor.kind === 'function'
    ? functionVendor(deps, turn, vendor.functionId)
    : endpointVendor(deps, turn, vendor, stored.sealedSecret ?? '')
}

async function askVendor(
  deps: ConnectorsDeps,
  turn: BotTurn,
  vendor: Vendor,
  { definition: { hooks = {} } }: StoredConnector,
  course: Course,
): Promise<BotSays> {
  const hook = async (name: 'pre' | 'post', functionId: string, payload: unknown) => {
    const answer = await askFunction(deps, {
      accountId: turn.accountId,
      functionId,
      eventId: HOOKS[name],
      callId: turn.turnId,
      conversationId: turn.conversation.conversationId,
      skillId: turn.conversation.skillId,
      payload,
    })
    if (answer) course.records.push(answer.record)
    if (!answer) throw badHook(notDeployed(`The ${name} hook`))
    const { outcome, record } = answer
    if (!outcome.ok) throw badHook(`The ${name} hook failed: ${record.errorMessage ?? ''}`)
    return storable(outcome.result)
  }

  let request = vendor.request
  if (hooks.pre !== undefined) {
    const changed = await hook('pre', hooks.pre, request)
    if (!isObject(changed)) throw badHook('The pre hook must return the request, an object')
    request = changed
    course.asked = request
  }
  course.answered = await vendor.ask(request, course.records)
  if (hooks.post !== undefined) {
    const changed = await hook('post', hooks.post, course.answered)
    // A hook that has changed nothing is not to blame for what the vendor has answered.
    if (!vendor.isAnswer(changed) && !isDeepStrictEqual(changed, course.answered)) {
      throw badHook('The post hook must return the answer, with messages or an action')
    }
    course.answered = changed
  }
  const parsed = vendor.parse(course.answered)
  if (!parsed.ok) throw new TurnFailure(parsed.error, parsed.reason)
  const { memory } = vendor
  return { ...parsed, ...(memory && { memory }), records: course.records }
}

function badHook(reason: string): TurnFailure {
  return new TurnFailure('aivendor.faas.failed-hook', reason)
}

/** The error hook: nothing is done with its answer, and its failure is in its record only. */
export async function tellFailure(
  deps: ConnectorsDeps,
  { accountId, botId, errorId, name, conversationId, detail }: BotFailure,
): Promise<InvocationRecord[]> {
  const stored = await findConnector(deps.store.db, accountId, botId)
  const functionId = stored?.definition.hooks?.error
  if (functionId === undefined) return []
  const vendor = stored?.definition.vendor.kind === 'endpoint' ? 'customEndpoint' : 'faas'
  const answer = await askFunction(deps, {
    accountId,
    functionId,
    eventId: 'bot_connectors_error_hook',
    callId: errorId,
    conversationId,
    payload: { error: { errorId, name }, vendor, ...(isObject(detail) && detail) },
  })
  return answer ? [answer.record] : []
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
