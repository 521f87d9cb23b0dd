import { call, login, request, type Session } from '@parley/client'
import { changeAccountSettings, createFunction, deployFunction } from '@parley/contract'
import type { LiveParley } from '../e2e/live/parley.ts'

export function adminSession({ endpoint, firstRun }: LiveParley): Promise<Session> {
  return login(endpoint, firstRun.admin)
}

/** Creates and deploys a function; its id. */
export async function deploy(
  session: Session,
  draft: { name: string; code: string; eventId?: string },
): Promise<string> {
  const { functionId } = await call(session, createFunction, {
    body: { description: 'Made by a bench', ...draft },
  })
  await call(session, deployFunction, { params: { functionId } })
  return functionId
}

export function invokeUrl({ url, accountId }: Session, functionId: string): string {
  return `${url}/api/account/${accountId}/lambdas/${functionId}/invoke?v=1&externalSystem=bench`
}

/** A direct call of 2 KB, as the published functions client sends it. */
export const ECHO_BODY = JSON.stringify({
  timestamp: 0,
  headers: [{ key: 'kind', value: 'bench' }],
  payload: {
    nonce: '{{nonce}}',
    lines: Array.from({ length: 29 }, (_, id) => ({
      id,
      text: 'a line of a conversation, as long as this one is',
    })),
  },
})

export const ECHO_CODE = 'function lambda(input, callback) { callback(null, input.payload) }'

export const EVENTS = {
  opened: 'controllerbot_messaging_new_conversation',
  urgency: 'controllerbot_messaging_ttr',
}

/** Answers with the event's type and conversation, so that no two answers are equal. */
export const ANSWER_CODE = `function lambda(input, callback) {
  const { cbotEventType, convId } = input.payload.general
  callback(null, { type: 'systemMessage', text: cbotEventType + ' ' + convId })
}`

/** Lets sockets of the account send as fast as they can. Answers are not read: another checkout's may differ. */
export async function liftLimits({ url, accountId, bearer }: Session): Promise<void> {
  await request(url, {
    method: changeAccountSettings.method,
    path: changeAccountSettings.path.replace(':accountId', accountId),
    bearer,
    body: { messaging: { requestsPerSecond: 100_000, accountRequestsPerSecond: 1_000_000 } },
  })
}

/** Deploys what answers opened conversations and changes of their urgency, and lifts the limits of who asks for these. */
export async function answerEvents(session: Session): Promise<void> {
  await liftLimits(session)
  await deploy(session, { name: 'bench_opened', eventId: EVENTS.opened, code: ANSWER_CODE })
  await deploy(session, { name: 'bench_urgency', eventId: EVENTS.urgency, code: ANSWER_CODE })
}
