import { startTestServer } from '#testing'
import { expect, test } from 'vitest'

interface Described {
  paths: Record<string, Record<string, { security: object[]; parameters: { name: string }[] }>>
}

test('the native API is described as OpenAPI and as a page', async () => {
  await using server = await startTestServer()
  const api = (await server.request('GET', '/api/v1/openapi.json')).json<Described>()
  const functions = api.paths['/api/v1/accounts/{accountId}/functions']
  expect(functions?.['post']?.security).toEqual([{ bearer: ['function:write'] }])
  expect(functions?.['get']?.parameters.map(({ name }) => name)).toContain('accountId')

  const page = await server.request('GET', '/api/v1')
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.text).toContain('/api/v1/accounts/{accountId}/functions')
})

test('a node says whether it can serve', async () => {
  await using server = await startTestServer()
  const health = await server.request('GET', '/health')
  expect({ status: health.status, body: health.json() }).toMatchObject({
    status: 200,
    body: { status: 'ok' },
  })
})
