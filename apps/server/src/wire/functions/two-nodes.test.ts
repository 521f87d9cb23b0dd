import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambdas, lambdasOf, startTestServer, type TestServer } from '#testing'

const EVENT = 'controllerbot_messaging_new_conversation'

let server: TestServer
let one: Lambdas
let other: Lambdas
beforeAll(async () => {
  server = await startTestServer({ nodes: 2 })
  one = lambdasOf(server)
  const request: TestServer['request'] = async (method, path, { bearer, body, headers } = {}) => {
    const response = await fetch(`${server.urls[1]}${path}`, {
      method,
      headers: {
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: {}, text, json: () => JSON.parse(text) }
  }
  other = lambdasOf({ ...server, request })
})
afterAll(() => server[Symbol.asyncDispose]())

test('a function that one node deploys, changes and undeploys is in force on the other within a second', async () => {
  const uuid = await one.deployed(`const lambda = () => 'one'`)
  const answer = async () => (await other.invoke(uuid, {})).text
  await expect.poll(answer).toBe('"one"')

  await one.call('PUT', `/lambdas/${uuid}?v=1`, {
    implementation: { code: `const lambda = () => 'two'` },
  })
  await one.deploy(uuid)
  await expect.poll(answer).toBe('"two"')

  await one.call('DELETE', `/deployments/${uuid}?v=1`)
  await expect.poll(async () => (await other.invoke(uuid, {})).status).toBe(404)
})

test('of deployments of one function on two nodes at once, one is refused', async () => {
  const slow = 'const end = Date.now() + 1_000; while (Date.now() < end); const lambda = () => 1'
  const { uuid } = await one.create(slow)

  const replies = await Promise.all([one.deploy(uuid), other.deploy(uuid)])

  expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409])
  expect(replies.find(({ status }) => status === 409)?.json()).toMatchObject({
    errorMsg: 'Can not deploy a lambda during an active deployment',
  })
})

test('skills that one node changes are in force on the other', async () => {
  const uuid = await one.deployed('const lambda = () => 1', { eventId: EVENT, skills: ['1001'] })
  const implemented = async () =>
    (await other.call('GET', `/events/${EVENT}/isImplemented?skillId=1002`)).json()
  expect(await implemented()).toEqual({ implemented: false })
  await one.call('PUT', `/lambdas/${uuid}?v=1`, { skills: ['1002'] })
  await expect.poll(implemented).toEqual({ implemented: true })
})

test('a secret that one node changes is read again on the other', async () => {
  await one.native('POST', '/secrets', { name: 'shared', value: 'first' })
  const uuid = await one.deployed(
    `const { Toolbelt } = require('lp-faas-toolbelt')
     const lambda = async () => (await Toolbelt.SecretClient().readSecret('shared')).value`,
  )
  const answer = async () => (await other.invoke(uuid, {})).text
  await expect.poll(answer).toBe('"first"')
  await one.native('PUT', '/secrets/shared', { value: 'second' })
  await expect.poll(answer).toBe('"second"')
})
