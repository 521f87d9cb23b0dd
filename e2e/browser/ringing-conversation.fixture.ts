import type { AgentSocket } from '@parley/server/testing'

/** The conversation that the page has opened, once it rings at the agent; not one that was taken before. */
export async function ringingConversation(
  agent: AgentSocket,
  taken: ReadonlySet<string> = new Set(),
): Promise<string> {
  const found = () =>
    agent.notifications
      .filter(({ type }) => type.endsWith('RoutingTaskNotification'))
      .flatMap(({ body }) => body.changes as { result: { conversationId: string } }[])
      .map(({ result }) => result.conversationId)
      .findLast((conversationId) => !taken.has(conversationId))
  await agent.until(() => found() !== undefined, 'a ring')
  return found()!
}
