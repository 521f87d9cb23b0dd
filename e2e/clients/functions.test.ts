import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import {
  clientCredentials,
  FunctionCallError,
  openFunctions,
  refreshedTokens,
} from '@parley/client/functions'
import {
  anotherScene,
  authorizePath,
  consent,
  givenApplication,
  lambdasOf,
  openTestBrowser,
  type Scene,
  startTestServer,
  type TestServer,
  PATIENT_SERVER,
} from '@parley/server/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { removeFolder } from '../live/remove-folder.ts'

let server: TestServer
let scene: Scene
let echo: string
beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
  scene = await anotherScene(server)
  echo = await lambdasOf(scene).deployed(
    'function lambda(input, callback) { callback(null, { said: input.payload, by: input.headers }) }',
  )
})
afterAll(() => server[Symbol.asyncDispose]())

const secretOf = ({ url, accountId, client }: Scene) => ({
  url,
  accountId,
  clientId: client.id,
  clientSecret: client.secret,
})

/** A stretch of network in front of the server that fails as it is told; `undefined` lets a call through. */
async function openRelay(
  fail: (count: number) => ((response: ServerResponse) => void) | undefined,
) {
  const requestIds: string[] = []
  const relay = createServer(PATIENT_SERVER, (request, response) => {
    requestIds.push(String(request.headers['x-request-id']))
    const failing = fail(requestIds.length)
    if (failing) {
      failing(response)
      return
    }
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const answer = await fetch(`${scene.url}${request.url}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: String(request.headers.authorization),
        },
        body: Buffer.concat(chunks),
      })
      response.writeHead(answer.status).end(await answer.text())
    })()
  })
  relay.listen(0, '127.0.0.1')
  await once(relay, 'listening')
  const { port } = relay.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requestIds,
    [Symbol.dispose]() {
      relay.closeAllConnections()
      relay.close()
    },
  }
}

const opened = (url: string, more: object = {}) =>
  openFunctions({
    url,
    accountId: scene.accountId,
    token: clientCredentials(secretOf(scene)),
    ...more,
  })

const tokenAnswer = async () =>
  JSON.stringify({
    access_token: await clientCredentials(secretOf(scene))(undefined, new AbortController().signal),
    expires_in: 60,
  })

test('an application invokes a function, and gets what it answers', async () => {
  const answer = await opened(scene.url).invoke<{ said: string }>(echo, 'hello', {
    headers: [{ key: 'k', value: 'v' }],
  })

  expect(answer).toEqual({ said: 'hello', by: [{ key: 'k', value: 'v' }] })
})

test('tokens of a user are renewed, each refresh token once, also when many call at once', async () => {
  const application = await givenApplication(scene)
  const back = await consent(openTestBrowser(scene), authorizePath(scene, application), scene.admin)
  const issued = await scene.request(
    'POST',
    `/sentinel/api/account/${scene.accountId}/token?v=1.0`,
    {
      body: {
        grant_type: 'authorization_code',
        code: back.searchParams.get('code'),
        redirect_uri: application.redirectUri,
        client_id: application.clientId,
        client_secret: application.clientSecret,
      },
    },
  )
  const kept: string[] = []
  const secret = { ...secretOf(scene), ...application }
  const tokens = refreshedTokens(secret, {
    refreshToken: issued.json<{ refresh_token: string }>().refresh_token,
    onRefresh: (token) => kept.push(token),
  })
  const functions = openFunctions({ url: scene.url, accountId: scene.accountId, token: tokens })

  const answers = await Promise.all(['a', 'b', 'c'].map((text) => functions.invoke(echo, text)))
  expect(answers).toMatchObject([{ said: 'a' }, { said: 'b' }, { said: 'c' }])
  expect(kept).toHaveLength(1)
  const later = refreshedTokens(secret, { refreshToken: kept[0] ?? '' })
  const again = openFunctions({ url: scene.url, accountId: scene.accountId, token: later })
  expect(await again.invoke(echo, 'd')).toMatchObject({ said: 'd' })
  const old = refreshedTokens(secret, { refreshToken: kept[0] ?? '' })
  const refused = openFunctions({ url: scene.url, accountId: scene.accountId, token: old })
  await expect(refused.invoke(echo, 'e')).rejects.toMatchObject({
    code: 'invalid_grant',
    status: 400,
  })
})

test('a token that has ended before its time is renewed once', async () => {
  let renewed = 0
  const good = clientCredentials(secretOf(scene))
  const functions = opened(scene.url, {
    token: (refused: string | undefined, signal: AbortSignal) => {
      if (refused === 'ended') renewed += 1
      return refused === undefined ? Promise.resolve('ended') : good(undefined, signal)
    },
  })

  expect(await functions.invoke(echo, 1)).toMatchObject({ said: 1 })
  expect(renewed).toBe(1)
  const never = opened(scene.url, { token: () => Promise.resolve('ended') })
  await expect(never.invoke(echo, 1)).rejects.toMatchObject({ status: 401, attempts: 1 })
})

test('a token that several calls find refused, one after the other, is renewed once', async () => {
  using relay = await openRelay(
    (count) => (response) =>
      response.end(JSON.stringify({ access_token: `token ${count}`, expires_in: 60 })),
  )
  const token = clientCredentials({ ...secretOf(scene), url: relay.url })
  const { signal } = new AbortController()

  const first = await token(undefined, signal)
  const answers = [await token(first, signal), await token(first, signal)]

  expect(answers).toEqual(['token 2', 'token 2'])
  expect(await token('token 2', signal)).toBe('token 3')
})

test('who leaves while a token is asked for takes it from nobody else who waits for it', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  using relay = await openRelay(() => asked.resolve)
  const token = clientCredentials({ ...secretOf(scene), url: relay.url })
  const functions = opened(scene.url, { token, retries: 0 })
  const gone = new AbortController()
  const left = functions.invoke(echo, 1, { signal: gone.signal })
  const staying = functions.invoke(echo, 2)
  const response = await asked.promise

  gone.abort(new Error('the caller has left'))
  await expect(left).rejects.toThrow('the caller has left')
  response.end(await tokenAnswer())

  expect(await staying).toMatchObject({ said: 2 })
  expect(relay.requestIds).toHaveLength(1)
})

test('a token is asked for again when its server is busy', async () => {
  const answer = await tokenAnswer()
  using relay = await openRelay(
    (count) => (response) => (count === 1 ? response.writeHead(503).end() : response.end(answer)),
  )
  const token = clientCredentials({ ...secretOf(scene), url: relay.url })

  expect(await opened(scene.url, { token }).invoke(echo, 'late')).toMatchObject({ said: 'late' })
  using busy = await openRelay(() => (response) => response.writeHead(503).end())
  const never = clientCredentials({ ...secretOf(scene), url: busy.url })
  await expect(
    opened(scene.url, { token: never, retries: 1 }).invoke(echo, 1),
  ).rejects.toMatchObject({ message: 'No token: 503', status: 503, attempts: 2 })
})

test.each<[string, (response: ServerResponse) => void]>([
  ['503', (response) => response.writeHead(503).end()],
  ['429 with a time to wait', (response) => response.writeHead(429, { 'retry-after': '0' }).end()],
  ['a connection that breaks', (response) => response.destroy()],
])('%s is tried again under the same request id', async (_what, failing) => {
  using relay = await openRelay((count) => (count < 3 ? failing : undefined))

  expect(await opened(relay.url).invoke(echo, 'late')).toMatchObject({ said: 'late' })

  expect(relay.requestIds).toHaveLength(3)
  expect(new Set(relay.requestIds).size).toBe(1)
})

test('what stays refused is told with its status after four requests', async () => {
  using relay = await openRelay(
    () => (response) => response.writeHead(429, { 'retry-after': '0' }).end(),
  )

  await expect(opened(relay.url).invoke(echo, 1)).rejects.toMatchObject({
    status: 429,
    attempts: 4,
  })
  expect(relay.requestIds).toHaveLength(4)
})

test('a call ends with its time, and with the signal of the caller', async () => {
  using relay = await openRelay(() => () => undefined)

  const late = opened(relay.url, { timeoutMs: 500 }).invoke(echo, 1)
  await expect(late).rejects.toThrow('No answer within 500 ms')
  const gone = new AbortController()
  const ended = opened(relay.url).invoke(echo, 1, { signal: gone.signal })
  gone.abort(new Error('the caller has left'))
  await expect(ended).rejects.toThrow('the caller has left')
})

test('a function that fails, and one that is not there, are told at once by their codes', async () => {
  const failing = await lambdasOf(scene).deployed(
    "function lambda(input, callback) { callback(new Error('no stock')) }",
  )
  using relay = await openRelay(() => undefined)
  const functions = opened(relay.url)

  const error: unknown = await functions.invoke(failing, 1).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FunctionCallError)
  expect(error).toMatchObject({ status: 901, code: 'com.liveperson.faas.handler.custom-failure' })
  await expect(functions.invoke(crypto.randomUUID(), 1)).rejects.toMatchObject({
    status: 404,
    code: 'com.liveperson.faas.es.missinglambda',
  })
  expect(relay.requestIds).toHaveLength(2)
})

const DENO = dirname(
  createRequire(import.meta.resolve('@parley/server/testing')).resolve(
    `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}/package.json`,
  ),
)

test('the same file works in Deno, with the right to this server only', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-deno-'))
  onTestFinished(() => removeFolder(folder))
  const module = import.meta.resolve('@parley/client/functions')
  const script = `import { clientCredentials, openFunctions } from '${module}'
const secret = ${JSON.stringify(secretOf(scene))}
const functions = openFunctions({ ...secret, token: clientCredentials(secret) })
console.log(JSON.stringify(await functions.invoke('${echo}', 'by Deno')))`
  const run = promisify(execFile)(
    join(DENO, 'deno'),
    [
      'run',
      '--no-remote',
      '--no-npm',
      '--no-config',
      `--allow-net=${new URL(scene.url).host}`,
      '-',
    ],
    {
      env: {
        NO_COLOR: '1',
        DENO_NO_UPDATE_CHECK: '1',
        HOME: '/nonexistent',
        DENO_DIR: folder,
      },
    },
  )
  run.child.stdin?.end(script)

  expect(JSON.parse((await run).stdout)).toEqual({ said: 'by Deno', by: [] })
})
