import { openAgentSocket, openConsumerSocket } from './sockets.ts'
import type { TestServer } from './start-test-server.ts'

/** An account of its own on a server of two nodes: consumers connect to one node, agents to the other. */
export async function twoNodeAccount(server: TestServer) {
  const account = await server.anotherAccount()
  const { accountId, agents, adminBearer } = account
  const here = { url: server.urls[0]!, accountId }
  const there = { url: server.urls[1]!, accountId }
  return {
    account,
    accountId,
    agents,
    here,
    there,
    admin: (method: string, path: string, body?: object) =>
      server.request(method, `/api/v1/accounts/${accountId}/${path}`, {
        bearer: adminBearer,
        ...(body && { body }),
      }),
    newConsumer: (options: Parameters<typeof openConsumerSocket>[1] = {}) =>
      openConsumerSocket(here, options),
    newAgent: () => openAgentSocket(there, agents[0]!),
  }
}

/** A conversation of such an account, accepted by an agent. */
export async function servedConversation(server: TestServer) {
  const on = await twoNodeAccount(server)
  const opened = new AsyncDisposableStack()
  const consumer = opened.use(await on.newConsumer())
  const agent = opened.use(await on.newAgent())
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  return {
    ...on,
    consumer,
    agent,
    conversationId,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
