import { expect, test } from 'vitest'
import { startTestServer } from './index.ts'

test('a test server has an account whose application may call the sample function', async () => {
  await using server = await startTestServer()
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
