import { expect, test } from 'vitest'
import { anchoredCpuMs, anchoredMs, startTestServer } from './index.ts'

test('a test server has an account whose application may call the sample function', async () => {
  await using server = await startTestServer({ hasSampleFunction: true })
  const { accountId, appToken } = server
  const lambdas = `/api/account/${accountId}/lambdas`

  const listed = await server.request('GET', `${lambdas}?v=1&userId=1`, {
    bearer: server.adminBearer,
  })
  const [sample] = listed.json<{ uuid: string; state: string }[]>()
  expect(sample).toMatchObject({ name: 'greeting', state: 'Productive' })

  const answered = await server.request(
    'POST',
    `${lambdas}/${sample!.uuid}/invoke?v=1&externalSystem=test`,
    { bearer: appToken, body: { timestamp: 0, headers: [], payload: {} } },
  )
  expect({ status: answered.status, body: answered.text }).toEqual({
    status: 200,
    body: '"Hello World"',
  })
})

test('an anchored duration is never longer than the measured one', async () => {
  const began = performance.now()
  const anchored = await anchoredMs(() => anchoredCpuMs(() => JSON.stringify(process.versions)))
  const took = performance.now() - began
  expect(anchored).toBeGreaterThan(0)
  expect(anchored).toBeLessThan(took)
})
