import { afterAll, beforeAll, expect, test } from 'vitest'
import { EVENTS, NO_EVENT } from '../../packages/contract/src/events/index.ts'
import { SNIPPETS } from '../../apps/console/src/studio/editor/snippets.ts'
import { lambdasOf, startTestServer, type TestServer } from '../../apps/server/testing/index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

/** What the editor begins with: the templates, and the skeletons of events. */
const sources = [
  ...EVENTS.flatMap(({ id, name, templates, skeleton }) => [
    ...templates.map((template) => ({ ...template, eventId: id })),
    { name: `${name}, skeleton`, code: skeleton, eventId: id },
  ]),
  ...NO_EVENT.templates.map((template) => ({ ...template, eventId: undefined })),
].flatMap((source) => [
  { ...source, language: 'typescript' },
  { ...source, language: 'javascript', code: `// @ts-check\n${source.code}` },
])

/** It shows what a log has of an error of the code. */
const WRONG_ON_PURPOSE: Record<string, unknown[]> = {
  'Logging Template': [{ message: "TS2304: Cannot find name 'notDefinedAnywhere'." }],
}

test.each(sources)('$name as $language has no problem of types', async (source) => {
  const { name: title, code, language, eventId } = source
  const name = `f_${crypto.randomUUID().slice(0, 8)}`
  const account = lambdasOf(server)
  const sent = { name, description: title, code, language, eventId }
  const reply = await account.native('POST', '/functions', sent)

  expect([reply.status, reply.text]).toEqual([201, reply.text])
  const { functionId, warnings } = reply.json<{ functionId: string; warnings: unknown[] }>()
  expect(warnings).toMatchObject(WRONG_ON_PURPOSE[title] ?? [])
  // An account has at most 50.
  expect((await account.native('DELETE', `/functions/${functionId}`)).status).toBe(204)
})

test.each([
  ['typescript', 'import', 'from'],
  ['javascript', 'const', '= require'],
])('the snippets of the editor have no problem of types as %s', async (language, take, from) => {
  const names = [...new Set(SNIPPETS.flatMap(({ uses }) => uses))].join(', ')
  const source = from === 'from' ? `'lp-faas-toolbelt'` : `('lp-faas-toolbelt')`
  const bodies = SNIPPETS.map(({ body }) => `{ ${filledIn(body)} }`).join('\n')
  const code = `// @ts-check
${take} { ${names} } ${from} ${source}
async function lambda(input, callback) {
  ${bodies}
  callback(null, 'ok')
}`
  const reply = await lambdasOf(server).native('POST', '/source-checks', { code, language })
  expect(reply.json()).toMatchObject({ problems: [], warnings: [] })
})

test('members of ConversationContentTypes are known, and errors are made as they are', async () => {
  const code = `import { ConversationContentTypes, ErrorCodes, SecretError } from 'lp-faas-toolbelt'
export function lambda(): string {
  if (!process.env.KEY) throw new SecretError(ErrorCodes.Secret.NotFound, 'There is none')
  return ConversationContentTypes.MESSAGE_RECORDS
}`
  const check = (source: string) =>
    lambdasOf(server).native('POST', '/source-checks', { code: source, language: 'typescript' })
  expect((await check(code)).json()).toMatchObject({ problems: [], warnings: [] })
  const misspelt = code.replace('MESSAGE_RECORDS', 'MESAGE_RECORDS')
  expect((await check(misspelt)).json()).toMatchObject({
    warnings: [{ line: 4, message: expect.stringContaining("'MESAGE_RECORDS' does not exist") }],
  })
})

test('options that the HTTP client understands have no problem of types', async () => {
  const code = `import { Toolbelt } from 'lp-faas-toolbelt'
export async function lambda() {
  await Toolbelt.HTTPClient()('https://example.com/', {
    auth: { username: 'ada', password: 'secret' },
    oauth: { consumer_key: 'k', nonce: 'n', timestamp: 1, version: '1.0', transport_method: 'header' },
    followAllRedirects: true,
    followOriginalHttpMethod: true,
    strictSSL: true,
    cert: 'pem',
    key: 'pem',
    ca: 'pem',
    passphrase: 'secret',
    agentOptions: { minVersion: 'TLSv1.2' },
  })
}`
  const asked = { code, language: 'typescript' }
  const reply = await lambdasOf(server).native('POST', '/source-checks', asked)
  expect(reply.json()).toMatchObject({ problems: [], warnings: [] })
})

/** With what the editor writes at its places to fill in. */
function filledIn(body: string): string {
  return body.replaceAll(/\$\{\d+:([^}]*)\}/g, '$1').replaceAll('\\$', '$')
}
