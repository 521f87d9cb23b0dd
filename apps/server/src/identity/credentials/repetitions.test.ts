import { randomUUID } from 'node:crypto'
import { login } from '@parley/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anotherScene, call, type Scene, startTestServer, type TestServer } from '#testing'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
})
afterAll(() => server[Symbol.asyncDispose]())

const DAY_MS = 86_400_000
const DRAFTS = {
  clients: { name: 'Bridge', scopes: ['faas.lambda.invoke'] },
  'api-keys': { name: 'Robot', permissions: ['function:invoke'] },
} as const
const KINDS = ['clients', 'api-keys'] as const
type Kind = (typeof KINDS)[number]

const ask = (scene: Scene, kind: Kind, body: object, bearer = scene.adminBearer) =>
  scene.request('POST', `/api/v1/accounts/${scene.accountId}/${kind}`, { bearer, body })

async function count(scene: Scene, kind: Kind): Promise<number> {
  const listed = await call<Record<string, unknown[]>>(scene, 'GET', kind)
  return Object.values(listed).flat().length
}

test.for(KINDS)(
  'of %s, who asks again with the same requestId gets what was made, with its secrets; it is there once',
  async (kind) => {
    const scene = await anotherScene(server)
    const before = await count(scene, kind)
    const body = { ...DRAFTS[kind], requestId: randomUUID() }

    const answers = await Promise.all([ask(scene, kind, body), ask(scene, kind, body)])
    answers.push(await ask(scene, kind, body))

    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect(answers[0]?.text).not.toContain(body.requestId)
    expect(await count(scene, kind)).toBe(before + 1)
    const other = await ask(scene, kind, { ...body, name: 'Other' })
    expect(other.status).toBe(409)
    const own = await ask(scene, kind, DRAFTS[kind])
    expect(own.text).not.toBe(answers[0]?.text)
    expect(await count(scene, kind)).toBe(before + 2)
  },
)

test.for(KINDS)(
  'of %s, secrets are told once more to nobody else, and not for long',
  async (kind) => {
    const scene = await anotherScene(server)
    const body = { ...DRAFTS[kind], requestId: randomUUID() }
    await ask(scene, kind, body)
    const user = {
      loginName: 'second',
      password: 'a long pass phrase',
      kind: 'human',
      role: 'administrator',
    }
    await call(scene, 'POST', 'users', user)
    const { bearer } = await login(scene, { user: user.loginName, password: user.password })

    expect((await ask(scene, kind, body, bearer)).status).toBe(409)
    expect((await ask(scene, kind, body)).status).toBe(201)
    await server.clock.advance(DAY_MS)
    const later = await login(scene, scene.admin)
    expect((await ask(scene, kind, body, later.bearer)).status).toBe(409)
  },
)

test.for([false, true])(
  'a secret that was renewed is not told to the request that made the one before, revoked: %s',
  async (revoke) => {
    const scene = await anotherScene(server)
    const body = { ...DRAFTS.clients, requestId: randomUUID() }
    const { clientId } = await call<{ clientId: string }>(scene, 'POST', 'clients', body)
    await call(scene, 'POST', `clients/${clientId}/secret`, { revoke })
    expect((await ask(scene, 'clients', body)).status).toBe(409)
  },
)
