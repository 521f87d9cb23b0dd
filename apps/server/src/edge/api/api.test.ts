import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { login, startTestServer, type TestServer } from '#testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ hasSampleFunction: true })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Described {
  paths: Record<
    string,
    Record<
      string,
      {
        summary?: string
        security: object[]
        parameters: { name: string; required: boolean }[]
        responses: Record<string, { content?: Record<string, { schema: object }> }>
      }
    >
  >
  components: { schemas: object }
}

/** A schema of the document with the others that it names. */
function schemaOf(schema: object, { schemas }: Described['components']) {
  const whole = JSON.stringify({ ...schema, $defs: schemas })
  const own = whole.replaceAll('"#/components/schemas/', '"#/$defs/')
  return z.fromJSONSchema(JSON.parse(own) as Parameters<typeof z.fromJSONSchema>[0])
}

test('the native API is described as OpenAPI and as a page', async () => {
  const api = (await server.request('GET', '/api/v1/openapi.json')).json<Described>()
  const functions = api.paths['/api/v1/accounts/{accountId}/functions']
  expect(functions?.['post']?.security).toEqual([{ bearer: ['function:write'] }])
  expect(functions?.['get']?.parameters.map(({ name }) => name)).toContain('accountId')

  const page = await server.request('GET', '/api/v1')
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.text).toContain('/api/v1/accounts/{accountId}/functions')
})

test('OpenAPI is whole: a generator of clients finds all that is named in it, and every operation says what it does and answers', async () => {
  const { text } = await server.request('GET', '/api/v1/openapi.json')
  const api = JSON.parse(text) as Described & Record<string, unknown>
  const named = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path.split('/'))
  const missing = named.filter((path) => found(api, path) === undefined)
  expect(named.length).toBeGreaterThan(100)
  expect(missing).toEqual([])

  const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  )
  const unsaid = operations.filter(({ method, summary, responses }) => {
    const isReading = method === 'get'
    return (
      !summary ||
      (isReading &&
        !Object.entries(responses).some(([status, { content }]) => status !== 'default' && content))
    )
  })
  expect(unsaid.map(({ method, path }) => `${method} ${path}`)).toEqual([])
  // Of parts that allow no other member, nothing but what all parts name would fit the whole.
  expect(text.includes('"allOf"')).toBe(false)
})

test('what OpenAPI says that a reading answers comes: JSON of its schema with no further members, a file, or a stream', async () => {
  const { paths, components } = (
    await server.request('GET', '/api/v1/openapi.json')
  ).json<Described>()
  const { bearer } = await login(server, server.admin)
  const wrong: string[] = []
  let asked = 0
  for (const [path, { get }] of Object.entries(paths)) {
    const address = path.replace('{accountId}', server.accountId)
    if (
      !get ||
      address.includes('{') ||
      get.parameters.some(({ required, name }) => required && name !== 'accountId')
    )
      continue
    const stop = new AbortController()
    const answer = await fetch(`${server.url}${address}`, {
      headers: { authorization: `Bearer ${bearer}` },
      signal: stop.signal,
    })
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';')
    const content = get.responses['200']?.content ?? {}
    const schema = content['application/json']?.schema
    const told: unknown = type === 'application/json' ? await answer.json() : undefined
    stop.abort()
    const said = Object.keys(content)
    asked += 1
    if (!said.includes(type)) wrong.push(`${path}: ${answer.status} ${type}, not ${said.join()}`)
    if (told === undefined || !schema) continue
    const { error } = schemaOf(schema, components).safeParse(told)
    if (error) wrong.push(`${path}: ${z.prettifyError(error)}`)
  }
  expect(wrong).toEqual([])
  expect(asked).toBeGreaterThan(40)
})

test('/ leads to the console, which keeps what it has built for the next start', async () => {
  const home = await server.request('GET', '/')
  expect([home.status, home.headers['location']]).toEqual([302, '/console'])
  // Whoever asks first may be told that it is being built.
  await expect.poll(async () => (await server.request('GET', '/console')).status).toBe(200)
  const page = await server.request('GET', '/console')
  expect(page.headers['content-security-policy']).toContain("script-src 'self'")
  const paths = [...page.text.matchAll(/"(\/console\/assets\/[^"]*)"/g)].map(
    ([, path = '']) => path,
  )
  expect(paths).toHaveLength(5)
  for (const path of paths) {
    const { status, headers } = await server.request('GET', path)
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable'])
  }
  expect((await server.request('GET', '/console/1/functions')).text).toBe(page.text)
  expect((await server.request('GET', '/console/assets/none.js')).status).toBe(404)
})

test('OpenAPI and the page name the address by which the caller has reached the server', async () => {
  const api = (await server.request('GET', '/api/v1/openapi.json')).json<{ servers: object[] }>()
  expect(api.servers).toEqual([{ url: server.url }])
  const page = await server.request('GET', '/api/v1')
  expect(page.text).toContain(`Address of this server: <code>${server.url}</code>`)

  const headers = { host: 'x"><script>alert(1)</script>' }
  const forged = await server.request('GET', '/api/v1', { headers })
  expect(forged.text).not.toContain('alert(1)')
})

test('OpenAPI names the address that the operator has set', async () => {
  await using server = await startTestServer({
    env: { PARLEY_PUBLIC_URL: 'https://chat.example.com/' },
  })
  const api = (await server.request('GET', '/api/v1/openapi.json')).json<{ servers: object[] }>()
  expect(api.servers).toEqual([{ url: 'https://chat.example.com' }])
})

test('the examples of the page can be pasted into a shell, from the log-in to a function that has run', async () => {
  const { text } = await server.request('GET', '/api/v1')
  const commands = [...text.matchAll(/<pre class="example"[^>]*>([^<]*)<\/pre>/g)].map(
    ([, command = '']) =>
      command.replaceAll(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code))),
  )
  expect(commands).toHaveLength(8)

  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LOGIN: server.admin.user,
    PASSWORD: server.admin.password,
  }
  const script = ['set -e', ...commands].join('\necho\n')
  const { stdout } = await promisify(execFile)('bash', ['-c', script], { env })

  expect(stdout).toContain('"name":"greeting"')
  expect(stdout).toContain('"state":"Deploy Finish"')
  expect(stdout).toContain('"result":"Hello Ada"')
  expect(stdout).toContain('"entries":')
  expect(stdout).toContain('"functionName":"hello_from_the_api"')
  expect(stdout).not.toContain('"error"')
})

function found(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (at as Record<string, unknown> | undefined)?.[name],
    value,
  )
}
