import { messageOf, ParleyError } from '#base/kernel'
import { type Answer, type Request, requestName } from '#wire/messaging/format'
import type { Session } from '#wire/messaging/updates'
import type { Deps } from './deps.ts'
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
    return answerFailure(deps, session, request, error)
  }
}

function handle(deps: Deps, session: Session, request: Request): Answer | Promise<Answer> {
  const { type } = request
  const operation = findOperation(requestName(type))
  if (!operation) throw new ParleyError('invalid_request', `Unknown request type "${type}"`)
  const { agent, consumer } = operation
  if (session.side === 'agent' && agent) return agent(deps, session, request)
  if (session.side === 'consumer' && consumer) return consumer(deps, session, request)
  throw refusal(operation, type)
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
  error: unknown,
): Answer {
  if (error instanceof ParleyError) {
    return { code: error.status, type: 'StringResponse', body: error.message }
  }
  logger.error({ err: error, accountId, type }, `Request failed: ${messageOf(error)}`)
  return { code: 500, type: 'StringResponse', body: 'Internal error' }
}
