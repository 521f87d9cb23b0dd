import { type Endpoint, openConsumer } from '@parley/client'
import type { Acknowledged, Ledger } from './ledger.ts'

export interface Traffic {
  /** Resolves when every consumer has noticed that the server is gone; rejects if one failed before. */
  stop(): Promise<void>
}

/** Consumers that sign up, open a conversation and say something, one after another, until the server dies. */
export function startTraffic(
  { endpoint, ledger }: { endpoint: Endpoint; ledger: Ledger<Acknowledged> },
  { consumers, kills }: { consumers: number; kills: number },
): Traffic {
  let isKilled = false

  async function visit(): Promise<void> {
    using consumer = await openConsumer(endpoint)
    const { jwt } = consumer
    const conversationId = await consumer.openConversation()
    ledger.acknowledge({ jwt, conversationId, kills })
    const text = `message ${crypto.randomUUID()}`
    const sequence = await consumer.say(conversationId, text)
    ledger.acknowledge({ jwt, conversationId, message: { sequence, text }, kills })
  }

  async function visitUntilKilled(): Promise<void> {
    while (!isKilled) {
      try {
        await visit()
      } catch (error) {
        if (!isKilled) throw error
      }
    }
  }

  const running = Promise.all(Array.from({ length: consumers }, visitUntilKilled))
  return {
    async stop() {
      isKilled = true
      await running
    },
  }
}
