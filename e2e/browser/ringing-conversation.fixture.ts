import type { AgentSocket } from '@parley/server/testing'

/** The conversation that the page has opened, once it rings at the agent. */
export async function ringingConversation(agent: AgentSocket): Promise<string> {
  const ids = () =>
    agent.notifications
      .filter(({ type }) => type.endsWith('RoutingTaskNotification'))
      .flatMap(({ body }) => body.changes as { result: { conversationId: string } }[])
      .map(({ result }) => result.conversationId)
  await agent.until(() => ids().length > 0, 'a ring')
  return ids().at(-1)!
}
