import { setTimeout as sleep } from 'node:timers/promises'
import { type Consumer, openConsumer } from '@parley/client'
import { type Summary, summarize } from '../../bench/load/summary.ts'

const PAUSE_MS = 20

/** A consumer of another account, who goes on talking. */
export interface Neighbour extends Disposable {
  /** Writes messages for so long, one after the other, and measures how long each takes to be stored. */
  talk(ms: number): Promise<Talk>
}

export interface Talk extends Summary {
  /** How much later than it asked to this process went on after its pauses: what the machine alone does to what is measured. */
  p99LateMs: number
}

export async function openNeighbour(endpoint: {
  url: string
  accountId: string
}): Promise<Neighbour> {
  const consumer: Consumer = await openConsumer(endpoint)
  const conversationId = await consumer.openConversation()
  return {
    async talk(ms) {
      const latencies: number[] = []
      const late: number[] = []
      const end = performance.now() + ms
      while (performance.now() < end) {
        const startedAt = performance.now()
        await consumer.say(conversationId, 'Is anybody there?')
        latencies.push(performance.now() - startedAt)
        const askedAt = performance.now()
        await sleep(PAUSE_MS)
        late.push(performance.now() - askedAt - PAUSE_MS)
      }
      return { ...summarize(latencies), p99LateMs: summarize(late).p99Ms }
    },
    [Symbol.dispose]: () => consumer[Symbol.dispose](),
  }
}
