import type { Agent } from '@parley/client'
import { orGiveUp } from './or-give-up.ts'

/** Resolves when the agent has got the conversation: one whose slots are taken by others is never asked. */
export async function accepted(agent: Agent, conversationId: string): Promise<void> {
  await orGiveUp(
    agent.accept(conversationId),
    'The agent got no ring within a minute: close the conversations that it has, such as those of a demo that was killed',
  )
}
