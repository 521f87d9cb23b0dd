import type { AuditEntry, RouteSpec } from '@parley/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'

// Every route that is no reading has its entry before it changes anything, but for those that are listed here by hand. New ones are
// audited by themselves.

const NATIVE = '/api/v1/accounts/:accountId'
const FAAS = '/api/account/:accountId'
const HISTORY = '/messaging_history/api/account/:accountId/conversations'
const CONTEXT = '/v1/account/:accountId'
const PROPERTIES = ['/:namespace/properties', '/:namespace/:sessionId/properties']

/** Why these leave no entry, or only for some callers. */
const SILENT: Record<string, readonly string[]> = {
  'they change nothing': [
    `POST ${NATIVE}/allowed-domains/checks`,
    `POST ${NATIVE}/bots/:botId/talk`,
    `POST ${NATIVE}/connectors/:connectorId/test`,
    `POST ${NATIVE}/schedule-previews`,
    `POST ${NATIVE}/source-checks`,
    `POST ${NATIVE}/survey-preview`,
    `POST ${NATIVE}/chats/:chatId/typing`,
    `POST ${HISTORY}/search`,
    `POST ${HISTORY}/conversation/search`,
    `POST ${HISTORY}/consumer/search`,
    'POST /messaging_history/api/account/:accountId/agent-view/status',
  ],
  'consumers do it, and strangers who become one': [
    `POST ${FAAS}/signup`,
    `POST ${FAAS}/anonymous/authorize`,
    `POST ${FAAS}/authenticate`,
    `POST ${NATIVE}/consumer/chats`,
    ...['end', 'lines', 'survey', 'typing'].map(
      (what) => `POST ${NATIVE}/consumer/chats/:chatId/${what}`,
    ),
  ],
  'who sends it proves who it is in a way of its own': [
    `POST ${NATIVE}/sessions`,
    `POST ${NATIVE}/invitation`,
    `POST ${NATIVE}/invitation/password`,
    `POST ${FAAS}/login`,
    `POST ${FAAS}/logout`,
    `POST ${FAAS}/refresh`,
    'POST /sentinel/api/account/:accountId/app/token',
    'POST /sentinel/api/v2/account/:accountId/app/token',
    'POST /sentinel/api/account/:accountId/token',
    'POST /sentinel/api/account/:accountId/interaction/:uid',
    'PUT /v1/AUTH_async-images/:accountId/:name',
  ],
  'functions do it, with the key of the context store': [
    `POST ${CONTEXT}`,
    `DELETE ${CONTEXT}/:namespace`,
    ...PROPERTIES.flatMap((path) => [
      `PATCH ${CONTEXT}${path}`,
      `DELETE ${CONTEXT}${path}`,
      `PUT ${CONTEXT}${path}/:name`,
      `DELETE ${CONTEXT}${path}/:name`,
    ]),
  ],
  'it runs functions, which leave records': [
    `POST ${FAAS}/events/:eventId/invoke`,
    `POST ${FAAS}/lambdas/:uuid/invoke`,
  ],
  'it has a record of its own; people who act for others, or speak for consumers, are noted': [
    `POST ${NATIVE}/chats/:chatId/lines`,
    `POST ${NATIVE}/conversations/:conversationId/agent-commands`,
    `POST ${NATIVE}/functions/:functionId/test`,
    `POST ${FAAS}/messaging/consumer/conversation`,
    `POST ${FAAS}/messaging/consumer/conversation/send`,
    `PUT ${FAAS}/monitoring/visitors/:visitorId/visits/current/events`,
  ],
}

let server: TestServer
let scene: Scene
beforeAll(async () => {
  server = await startTestServer({ env: { PARLEY_TRUSTED_PROXIES: '127.0.0.1' } })
  scene = await anotherScene(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const specs = () => (server.context.http.app as unknown as { parleySpecs: RouteSpec[] }).parleySpecs
const nameOf = ({ method, path }: { method: string; path: string }) =>
  `${method} ${path.replaceAll(/:(\w+)\(.*?\)/g, ':$1')}`
const isAudited = ({ method, auth, audit }: RouteSpec) =>
  method !== 'GET' && auth !== 'public' && (audit === undefined || typeof audit === 'string')

test('every route that is no reading leaves an entry, but for those that are listed', () => {
  const audited = new Set(specs().filter(isAudited).map(nameOf))
  const silent = server.context.http
    .routes()
    .filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
    .map(nameOf)
    .filter((name) => !audited.has(name))
  expect(silent.toSorted()).toEqual(Object.values(SILENT).flat().toSorted())
})

test('every such route that lets a request in has its entry', async () => {
  const wrong: string[] = []
  let letIn = 0
  for (const [at, spec] of specs().filter(isAudited).entries()) {
    const address = `198.51.100.${at}`
    const path = spec.path
      .replace(':accountId', scene.accountId)
      .replaceAll(/:\w+/g, '00000000-0000-4000-8000-000000000000')
    if (path.endsWith('/sessions/current')) continue
    const { status } = await scene.request(spec.method, path, {
      bearer: scene.adminBearer,
      headers: { 'x-forwarded-for': address },
      ...(spec.body && { body: {} }),
    })
    // Refused before its operation began.
    if (status === 400) continue
    letIn += 1
    const { entries } = await call<{ entries: AuditEntry[] }>(
      scene,
      'GET',
      `audit?address=${address}`,
    )
    const [entry] = entries
    const isRight =
      entries.length === 1 && entry?.actor === scene.admin.user && entry.outcome !== 'unknown'
    if (!isRight) wrong.push(`${nameOf(spec)}: ${status} ${JSON.stringify(entries)}`)
  }
  expect(wrong).toEqual([])
  expect(letIn).toBeGreaterThan(30)
})
