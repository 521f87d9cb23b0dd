import { openAgent, openConsumer, SocketClosedError, SocketRequestError } from '@parley/client'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { startTestServer, type TestServer } from './index.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

test.each([
  ['the global WebSocket', undefined],
  ['that of the package ws', (address: string) => new WebSocket(address)],
])('a consumer and an agent meet over %s', async (_which, connect) => {
  using consumer = await openConsumer(server, { connect })
  using agent = await openAgent(server, server.agents[0]!, { connect })
  const { promise: answered, resolve } = Promise.withResolvers<string>()
  consumer.onMessage(({ role, text }) => {
    if (role === 'ASSIGNED_AGENT') resolve(text)
  })
  const conversationId = await consumer.openConversation()
  await agent.accept(conversationId)
  await agent.socket.request('.ams.ms.PublishEvent', {
    dialogId: conversationId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello' },
  })

  expect(await answered).toBe('Hello')
})

test('a message that is sent under one id on two sockets is stored once', async () => {
  using first = await openConsumer(server)
  const conversationId = await first.openConversation()
  using second = await openConsumer(server, { jwt: first.jwt })
  const requestId = crypto.randomUUID()

  const sequence = await first.say(conversationId, 'Once', { requestId })

  expect(await second.say(conversationId, 'Once', { requestId })).toBe(sequence)
  expect(await second.say(conversationId, 'Twice')).toBe(sequence + 1)
})

test('what is sent again under one id, before it is answered, is answered each time', async () => {
  using consumer = await openConsumer(server)
  const conversationId = await consumer.openConversation()
  const requestId = crypto.randomUUID()

  const sequences = await Promise.all(
    ['Once', 'Once'].map((text) => consumer.say(conversationId, text, { requestId })),
  )

  expect(sequences).toEqual([sequences[0], sequences[0]])
})

test('a listener that throws keeps no message from the others', async () => {
  using consumer = await openConsumer(server)
  const thrown = Promise.withResolvers<string>()
  const said = Promise.withResolvers<string>()
  const report = (error: Error) => thrown.resolve(error.message)
  const before = process.rawListeners('uncaughtException') as (() => void)[]
  process.removeAllListeners('uncaughtException').on('uncaughtException', report)
  onTestFinished(() => {
    process.off('uncaughtException', report)
    for (const listener of before) process.on('uncaughtException', listener)
  })
  consumer.onMessage(() => {
    throw new Error('of a listener')
  })
  consumer.onMessage(({ role, text }) => {
    if (role === 'CONSUMER') said.resolve(text)
  })

  await consumer.say(await consumer.openConversation(), 'Hello')

  expect(await said.promise).toBe('Hello')
  expect(await thrown.promise).toBe('of a listener')
})

test('a request that the server refuses rejects with code and reason', async () => {
  using consumer = await openConsumer(server)

  const refused = consumer.socket.request('ms.PublishEvent', { dialogId: 'none', event: {} })

  await expect(refused).rejects.toBeInstanceOf(SocketRequestError)
  await expect(refused).rejects.toMatchObject({ code: 400, body: expect.any(String) })
})

test('a token that is not accepted rejects with the code 401', async () => {
  await expect(openConsumer(server, { jwt: 'forged' })).rejects.toMatchObject({ code: 401 })
})

test('an agent that waits for a ring is told each time when it comes, and when its socket ends', async () => {
  using consumer = await openConsumer(server)
  using agent = await openAgent(server, server.agents[1]!)
  const gone = agent.accept('none')
  const conversationId = await consumer.openConversation()

  const accepted = [agent.accept(conversationId), agent.accept(conversationId)]
  await Promise.any(accepted)
  agent[Symbol.dispose]()

  await Promise.allSettled(accepted)
  await expect(gone).rejects.toThrow('The socket was closed')
  await expect(agent.accept('none')).rejects.toThrow('The socket was closed')
})

test('requests on a socket that ends, and on one that has ended, reject', async () => {
  using consumer = await openConsumer(server)
  const pending = consumer.socket.request('GetClock')
  consumer[Symbol.dispose]()

  await expect(pending).rejects.toBeInstanceOf(SocketClosedError)
  expect(await consumer.socket.closed).toBe(1005)
  await expect(consumer.socket.request('GetClock')).rejects.toBeInstanceOf(SocketClosedError)
})

test('a server that cannot be reached is a socket that cannot be opened', async () => {
  const nowhere = { url: 'http://127.0.0.1:9', accountId: server.accountId }

  await expect(openConsumer(nowhere, { jwt: 'any' })).rejects.toMatchObject({
    name: 'SocketClosedError',
    code: 1006,
  })
})
