import type { CbotEventType, MessagingPayload } from '@parley/contract/events'
import type { Context } from '#context'

/** The doors of a test server that these tests use. */
export interface Door {
  accountId: string
  adminBearer: string
  context: Context
  request(
    method: string,
    path: string,
    options?: { bearer?: string; body?: unknown },
  ): Promise<{ status: number; text: string; json<T>(): T }>
}

export interface Invocation {
  eventId: string
  outcome: string
  errorCode: string | null
  attempt: number
  commands: { type: string; applied: boolean; why?: string }[] | null
  payload: MessagingPayload
  functionId: string
  invocationId: string
}

/** Calls the native API as the administrator. */
export function call<T>(door: Door, method: string, path: string, body?: unknown): Promise<T> {
  return send(door, method, `/api/v1/accounts/${door.accountId}/${path}`, body)
}

async function send<T>(
  { adminBearer, request }: Door,
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const reply = await request(method, path, {
    bearer: adminBearer,
    ...(body !== undefined && { body }),
  })
  if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
  return (reply.text === '' ? undefined : reply.json()) as T
}

let made = 0

/** A deployed function of an event, whose body is `answer`. */
export async function givenFunction(
  door: Door,
  eventId: string,
  answer: string,
  options: { skills?: string[] } = {},
): Promise<string> {
  made += 1
  const base = `/api/account/${door.accountId}`
  const { uuid } = await send<{ uuid: string }>(door, 'POST', `${base}/lambdas?v=1`, {
    uuid: '',
    version: -1,
    name: `fn_${made}`,
    description: 'For a test',
    eventId,
    skills: options.skills ?? [],
    state: 'Draft',
    implementation: {
      code: `async function lambda(input, callback) {\n${answer}\n}`,
      dependencies: [],
      environmentVariables: [],
    },
  })
  await send(door, 'POST', `${base}/deployments/${uuid}?v=1`, {})
  return uuid
}

/** What functions were asked about a conversation, in the order in which they were. */
export async function invocationsOf(door: Door, conversationId: string): Promise<Invocation[]> {
  const rows = await door.context.store.db
    .selectFrom('invocation')
    .selectAll()
    .where('accountId', '=', door.accountId)
    .where('conversationId', '=', conversationId)
    .orderBy('startedAt')
    .orderBy('attempt')
    .execute()
  return rows.map(({ eventId, outcome, errorCode, attempt, commands, input, ...row }) => ({
    eventId: eventId ?? '',
    outcome,
    errorCode,
    attempt,
    commands,
    payload: (input as { payload: MessagingPayload }).payload,
    functionId: row.functionId,
    invocationId: row.invocationId,
  }))
}

export async function payloadsOf(
  door: Door,
  conversationId: string,
  type: CbotEventType,
): Promise<MessagingPayload[]> {
  const invocations = await invocationsOf(door, conversationId)
  return invocations
    .map(({ payload }) => payload)
    .filter(({ general }) => general.cbotEventType === type)
}

/** A skill of its own keeps a test's functions and messages apart from those of others. */
export async function givenSkill(door: Door): Promise<string> {
  made += 1
  const { skillId } = await call<{ skillId: string }>(door, 'POST', 'skills', {
    name: `skill ${made}`,
  })
  return skillId
}
