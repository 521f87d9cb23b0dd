import { MAX_PAYLOAD_BYTES } from '@parley/contract'
import type { Http, HotCall, HotRequest, PathParams, Principal } from '#base/http'
import { beforeItRuns, letRepeat, parseQuery, readBody, requirePermission } from '#base/http'
import { checkText } from '#base/input'
import type { DirectCall } from '#faas/invocations'
import { invalid, ParleyError } from '#base/kernel'
import {
  type Answer,
  answerEventV1,
  answerEventV2,
  answerInvocation,
  answerTest,
} from './answers.ts'
import type { Admission } from './admission.ts'
import type { Deps } from './deps.ts'
import { isV1 } from './dialect.ts'
import { matchEventInvocation, matchInvocation } from './hot-paths.ts'
import type { Repetitions } from './repetitions.ts'

interface InvokeDeps extends Deps {
  admission: Admission
  repetitions: Repetitions
}

/** Direct invocation, by function or by event, ahead of the framework. */
export function invokeRoutes(http: Http, deps: InvokeDeps): void {
  const serve = (run: (call: Invocation) => Promise<Answer>) => (call: HotCall<HotRequest>) =>
    invoke(http, deps, call, run)

  http.plain(
    'POST',
    matchInvocation,
    serve((call) => invokeOne(deps, call)),
  )
  http.plain(
    'POST',
    matchEventInvocation,
    serve((call) => invokeAll(deps, call)),
  )
}

interface Invocation {
  params: PathParams
  accountId: string
  query: string
  principal: Principal
  direct: DirectCall
}

/**
 * Who calls, ahead of the framework. A promise only where that has to be looked up.
 * @throws ParleyError for who may not invoke functions, or when this node has too much to do
 */
export function identifyInvoker(
  http: Http,
  request: HotRequest,
  accountId: string,
): Principal | Promise<Principal> {
  const found = http.app.parleyGuard(
    {
      method: request.method ?? '',
      url: request.url ?? '/',
      headers: request.headers,
      encrypted: 'encrypted' in request.socket,
    },
    accountId,
  )
  const admit = (principal: Principal) => {
    requirePermission(principal, 'function:invoke')
    http.admit(accountId)
    return principal
  }
  if (!(found instanceof Promise)) return admit(found)
  return found.then((principal) => beforeItRuns(principal, () => admit(principal)))
}

async function invoke(
  http: Http,
  { admission, callerTokens, repetitions }: InvokeDeps,
  { request, params, query, requestId }: HotCall<HotRequest>,
  run: (call: Invocation) => Promise<Answer>,
): Promise<Answer> {
  const accountId = params['accountId'] ?? ''
  // First: the function that has sent it may end meanwhile.
  const conversationId = callerTokens.conversationOf(request, accountId)
  const found = identifyInvoker(http, request, accountId)
  const principal = found instanceof Promise ? await found : found
  let isAdmitted = false
  let mayHaveRun = false
  let isRepetition = true
  try {
    const admitted = admission.admit(accountId)
    if (admitted) await admitted
    isAdmitted = true
    const read = readBody(request, MAX_PAYLOAD_BYTES)
    const body = read instanceof Promise ? await read : read
    const direct = { body, requestId, conversationId, ...describeCaller(query, request.headers) }
    const call = { params, accountId, query, principal, direct }
    mayHaveRun = true
    const answer = await repetitions.join(
      {
        accountId,
        principal,
        url: request.url ?? '/',
        body,
        requestId: request.headers['x-request-id'],
      },
      () => {
        isRepetition = false
        return run(call)
      },
    )
    if (isRepetition || answer.turnedAway) admission.takeBack(accountId)
    if (answer.turnedAway) await letRepeat(principal)
    return answer
  } catch (thrown) {
    if (isAdmitted) admission.takeBack(accountId)
    if (!mayHaveRun || isTurnedAway(thrown)) await letRepeat(principal)
    throw thrown
  }
}

/** A function has more calls than it can answer: nothing has run. */
function isTurnedAway(thrown: unknown): boolean {
  return thrown instanceof ParleyError && thrown.code === 'sandbox_unavailable'
}

async function invokeOne(
  deps: Deps,
  { params, accountId, query, principal, direct }: Invocation,
): Promise<Answer> {
  const functionId = params['uuid'] ?? ''
  const test = isTest(principal, query)
  const outcome = await deps.invocations.direct.invokeFunction(accountId, functionId, {
    ...direct,
    ...(test && { test }),
  })
  const dialect = isV1(query) ? 1 : 2
  return test ? answerTest(dialect, outcome) : answerInvocation(dialect, outcome)
}

async function invokeAll(
  deps: Deps,
  { params, accountId, query, direct }: Invocation,
): Promise<Answer> {
  const answers = await deps.invocations.direct.invokeEvent(
    accountId,
    params['eventId'] ?? '',
    direct,
  )
  return isV1(query) ? answerEventV1(answers, deps.clock.now()) : answerEventV2(answers)
}

/** The command line and the Invoke page send `userId` and no `externalSystem`. */
function isTest(principal: Principal, query: string): boolean {
  if (principal.kind !== 'user' || !query.includes('userId=')) return false
  const { userId, externalSystem } = parseQuery(query)
  return userId !== undefined && externalSystem === undefined
}

function describeCaller(
  query: string,
  headers: HotRequest['headers'],
): { source: string; skillId?: string } {
  const header = headers['lp-eventsource']
  const named = typeof header === 'string' ? header : undefined
  if (query === '' || query === 'v=1') return { source: named ?? 'unknown' }
  const { skillId, externalSystem } = parseQuery(query)
  if (Array.isArray(skillId)) {
    throw invalid('query.skillId', 'must be given once')
  }
  const source = named ?? (typeof externalSystem === 'string' ? externalSystem : 'unknown')
  // Without an escape there is nothing that no text may hold: the parser of HTTP reads bytes, and refuses U+0000.
  if (query.includes('%')) checkText({ skillId, externalSystem }, 'query')
  return { source: source.slice(0, 200), ...(skillId !== undefined && { skillId }) }
}
