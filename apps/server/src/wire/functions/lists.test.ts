import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Lambda, lambdasOf, startTestServer, type TestServer } from '#testing'

const HELLO = 'function lambda(input, callback) { callback(null, 1) }'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test('lists are filtered by name, event and state, and empty filters are ignored', async () => {
  const account = lambdasOf(server, await server.anotherAccount())
  await account.create(HELLO, { name: 'one' })
  await account.deployed(HELLO, { name: 'two', eventId: 'conversational_command' })
  const names = async (path: string) =>
    (await account.call('GET', path)).json<Lambda[]>().map(({ name }) => name)

  expect(await names('/lambdas?v=1&name=two')).toEqual(['two'])
  expect(await names('/lambdas?v=1&eventId=conversational_command')).toEqual(['two'])
  expect(await names('/lambdas/?eventId=&state=Draft&externalSystem=&userId=&v=1')).toEqual(['one'])
  expect(await names('/lambdas/?state=&v=1')).toContain('one')
  const without = `eventId=${encodeURIComponent('No Event')}`
  expect(await names(`/lambdas?v=1&${without}`)).toEqual(['one'])
  expect(await names(`/functions?${without}`)).toEqual(['one'])

  const v2 = await account.call('GET', '/functions?eventId=&state=Productive&functionName=two')
  expect(v2.json()).toEqual([
    expect.objectContaining({ name: 'two', state: 'Productive', isCompV1: true, skills: [] }),
  ])
  expect(v2.text).not.toContain('callback')
})
