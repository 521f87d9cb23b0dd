import { expect, test } from 'vitest'
import { lambdasOf, startTestServer } from '#testing'

const EVENT = 'controllerbot_messaging_new_conversation'

test('who deploys one function too many for an event is told what to do', async () => {
  await using server = await startTestServer()
  const account = lambdasOf(server)
  const code = 'const lambda = () => []'
  const first = { name: 'first_answer', description: 'x', code, eventId: EVENT }
  const made = async (body: object) =>
    (await account.native('POST', '/functions', body)).json<{ functionId: string }>().functionId
  const deploy = (functionId: string) =>
    account.native('PUT', `/functions/${functionId}/deployment`)
  expect((await deploy(await made(first))).status).toBe(200)

  const second = await made({ ...first, name: 'hello' })
  const refused = await deploy(second)
  expect([refused.status, refused.json()]).toEqual([
    409,
    {
      error: {
        code: 'function_limit_reached',
        message:
          'Event "Messaging New Conversation" allows one deployed function without skills, and "first_answer" is deployed: undeploy it first, or give one of them skills',
      },
    },
  ])
  await account.native('PATCH', `/functions/${second}`, { skills: ['1001'] })
  expect((await deploy(second)).status).toBe(200)
})
