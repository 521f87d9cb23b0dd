import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

let server: TestServer
let lambdas: Lambdas
beforeAll(async () => {
  server = await startTestServer()
  lambdas = lambdasOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

test('a function is deployed while it is edited: only another deployment is a reason to refuse', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  const edit = (payload: object) =>
    lambdas.call('PUT', `/lambdas/${uuid}?v=1`, { samplePayload: { headers: [], payload } })

  for (let round = 1; round <= 6; round++) {
    const replies = await Promise.all([
      lambdas.deploy(uuid),
      ...[1, 2, 3, 4, 5, 6].map((number) => edit({ round, number })),
    ])
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
  }
})

test('of several undeployments at once one is done, and the others find nothing deployed', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  const undeploy = () => lambdas.call('DELETE', `/deployments/${uuid}?v=1`)

  const replies = await Promise.all([undeploy(), undeploy(), undeploy(), undeploy()])

  const refused = replies.filter(({ status }) => status !== 200)
  expect(refused).toHaveLength(3)
  for (const reply of refused) {
    expect(reply.json()).toMatchObject({
      errorCode: 'com.liveperson.faas.es.notdeployed',
      errorMsg: expect.stringContaining('is not deployed'),
    })
  }
})
