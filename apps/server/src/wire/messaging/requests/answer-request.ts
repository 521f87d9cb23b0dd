import { actionable, messageOf, ParleyError } from '#base/kernel'
import { type Answer, type Request, requestName } from '#wire/messaging/format'
import type { Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
import { noteActing, noteRefused } from './note-request.ts'
import type { Operation } from './operation.ts'
import { findOperation } from './operations.ts'

/** Answers one request. A failure is an answer, too. */
export async function answerRequest(
  deps: Deps,
  session: Session,
  request: Request,
): Promise<Answer> {
  try {
    return await handle(deps, session, request)
  } catch (error) {
    noteIfRefused(deps, session, request, error)
    return answerFailure(deps, session, request, error)
  }
}

function handle(deps: Deps, session: Session, request: Request): Answer | Promise<Answer> {
  const { type } = request
  const operation = findOperation(requestName(type))
  if (!operation) throw new ParleyError('invalid_request', `Unknown request type "${type}"`)
  const { agent, consumer, changes } = operation
  if (session.side === 'agent' && agent) {
    const run = () => agent(deps, session, request)
    return changes && session.caller.principal.isImpersonated
      ? noteActing(deps, session, request).then(run)
      : run()
  }
  if (session.side === 'consumer' && consumer) return consumer(deps, session, request)
  throw refusal(operation, type)
}

/** A change that an agent had no right to. */
function noteIfRefused(deps: Deps, session: Session, request: Request, error: unknown): void {
  if (session.side !== 'agent' || !findOperation(requestName(request.type))?.changes) return
  if (error instanceof ParleyError && error.status === 403) {
    noteRefused(deps, session, request)
  }
}

function refusal({ agent, consumer }: Operation, type: string): ParleyError {
  return agent || consumer
    ? new ParleyError('forbidden', `"${type}" is not supported on this face`)
    : new ParleyError('not_supported', `"${type}" is not supported by this server`)
}

function answerFailure(
  { logger }: Pick<Deps, 'logger'>,
  { accountId }: Session,
  { type }: Request,
  thrown: unknown,
): Answer {
  const error = actionable(thrown)
  if (error instanceof ParleyError) {
    return { code: error.status, type: 'StringResponse', body: error.message }
  }
  logger.error({ err: error, accountId, type }, `Request failed: ${messageOf(error)}`)
  return { code: 500, type: 'StringResponse', body: 'Internal error' }
}
