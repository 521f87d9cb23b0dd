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

test('a function that is undeployed while its next version is built stays undeployed', async () => {
  const uuid = await lambdas.deployed('const lambda = () => 1')
  const code = 'const end = Date.now() + 2_000; while (Date.now() < end); const lambda = () => 2'
  await lambdas.call('PUT', `/lambdas/${uuid}?v=1`, { implementation: { code } })
  const state = async () =>
    (await lambdas.call('GET', `/lambdas/${uuid}?v=1`)).json<{ state: string }[]>()[0]?.state

  const deploying = [lambdas.deploy(uuid), lambdas.deploy(uuid)]
  // The one that is refused at once shows that the other has begun.
  expect((await Promise.race(deploying)).text).toContain('active deployment')
  expect(await state()).toBe('Modified')
  const undeployed = await lambdas.call('DELETE', `/deployments/${uuid}?v=1`)
  const deployed = await Promise.all(deploying)

  expect(undeployed.status).toBe(200)
  expect(deployed.map(({ status }) => status)).toEqual([409, 409])
  expect(deployed.map(({ text }) => text).join()).toContain('was undeployed meanwhile')
  expect(await state()).toBe('Draft')
  expect((await lambdas.invoke(uuid, 1)).status).toBe(404)
})
