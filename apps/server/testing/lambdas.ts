import { randomUUID } from 'node:crypto'
import type { Credentials } from './credentials.ts'
import type { Reply, SentRequest } from './send-request.ts'
import type { TestServer } from './start-test-server.ts'

/** A function as the first published dialect shows it. */
export interface Lambda {
  uuid: string
  version: number
  name: string
  state: string
  [member: string]: unknown
}

/** An account's functions through the first published dialect. */
export interface Lambdas {
  readonly account: Credentials
  /** Any request below `/api/account/:accountId`, by the administrator. */
  call(method: string, path: string, body?: unknown, sent?: SentRequest): Promise<Reply>
  /** Any request below `/api/v1/accounts/:accountId`, by the administrator. */
  native(method: string, path: string, body?: unknown, sent?: SentRequest): Promise<Reply>
  create(code: string, more?: { name?: string; [member: string]: unknown }): Promise<Lambda>
  deploy(uuid: string): Promise<Reply>
  /** Created and deployed: its id. */
  deployed(code: string, more?: { name?: string; [member: string]: unknown }): Promise<string>
  /** As an application outside does. */
  invoke(uuid: string, payload: unknown, query?: string): Promise<Reply>
}

export function lambdasOf(
  server: Credentials & Pick<TestServer, 'request'>,
  account: Credentials = server,
): Lambdas {
  const at =
    (prefix: string) =>
    (method: string, path: string, body?: unknown, sent = {}) =>
      server.request(method, `${prefix}/${account.accountId}${path}`, {
        bearer: account.adminBearer,
        ...(body !== undefined && { body }),
        ...sent,
      })
  const call = at('/api/account')

  const lambdas: Lambdas = {
    account,
    call,
    native: at('/api/v1/accounts'),
    async create(code, { name = `f_${randomUUID().slice(0, 8)}`, implementation, ...more } = {}) {
      const reply = await call('POST', '/lambdas?v=1&userId=1', {
        timestamp: 0,
        uuid: '',
        version: -1,
        name,
        description: 'made by a test',
        state: 'Draft',
        implementation: {
          code,
          dependencies: [],
          environmentVariables: [],
          ...(implementation as object | undefined),
        },
        ...more,
      })
      if (reply.status !== 201) throw new Error(`Not created: ${reply.status} ${reply.text}`)
      return reply.json<Lambda>()
    },
    deploy: (uuid) => call('POST', `/deployments/${uuid}?v=1&userId=1`),
    async deployed(code, more) {
      const { uuid } = await lambdas.create(code, more)
      const reply = await lambdas.deploy(uuid)
      if (reply.status !== 200) throw new Error(`Not deployed: ${reply.status} ${reply.text}`)
      return uuid
    },
    invoke: (uuid, payload, query = 'v=1&skillId=&externalSystem=test') =>
      call(
        'POST',
        `/lambdas/${uuid}/invoke?${query}`,
        { timestamp: 0, headers: [], payload },
        { bearer: account.appToken },
      ),
  }
  return lambdas
}
