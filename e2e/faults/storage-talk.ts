import { setTimeout as sleep } from 'node:timers/promises'
import { openTenaciousConsumer } from './cluster-consumer.ts'
import { readHistory, sequenceComplaints } from './cluster-history.ts'
import { eventually } from '../live/eventually.ts'
import type { StorageBase } from './storage-base.ts'

const TALKERS = 6
const PAUSE_MS = 100
const SKILL = '1001'
const FLOW = { patienceMs: 120_000 }

interface Said {
  jwt: string
  conversationId: string
  messages: { sequence: number; text: string }[]
}

/** Consumers who talk all the while, and repeat what was not acknowledged. */
export interface Talk {
  /** Resolves when so many messages more have been acknowledged. */
  flows(count: number): Promise<void>
  /** How long each message took that was acknowledged since the last call, and when it was, by `performance.now()`. */
  take(): { tookMs: number; at: number }[]
  /** Lets everybody finish. Resolves to what is wrong with the histories: lost, doubled or out of order. */
  end(): Promise<{ acknowledged: number; complaints: string[] }>
}

export function startTalk(base: Pick<StorageBase, 'endpoint'>): Talk {
  const over = new AbortController()
  const said: Said[] = []
  let took: { tookMs: number; at: number }[] = []
  const count = () => said.reduce((sum, { messages }) => sum + messages.length, 0)

  async function talk(): Promise<void> {
    using consumer = openTenaciousConsumer({ endpoint: async () => base.endpoint() })
    const conversationId = await consumer.open(SKILL)
    const mine: Said = { jwt: consumer.jwt, conversationId, messages: [] }
    said.push(mine)
    while (!over.signal.aborted) {
      const requestId = crypto.randomUUID()
      const text = `message ${requestId}`
      const startedAt = performance.now()
      const sequence = await consumer.ask((one) => one.say(conversationId, text, { requestId }))
      const at = performance.now()
      took.push({ tookMs: at - startedAt, at })
      mine.messages.push({ sequence, text })
      await sleep(PAUSE_MS)
    }
  }

  const talking = Promise.all(Array.from({ length: TALKERS }, talk))
  // Who fails is heard of by whoever waits for its messages, or for the end.
  talking.catch(() => undefined)
  return {
    async flows(more) {
      const enough = count() + more
      const isEnough = () => count() >= enough || undefined
      await Promise.race([eventually(`${more} more messages`, isEnough, FLOW), talking])
    },
    take() {
      const taken = took
      took = []
      return taken
    },
    async end() {
      over.abort()
      await talking
      const complaints: string[] = []
      for (const one of said) complaints.push(...(await complaintsAbout(base, one)))
      return { acknowledged: count(), complaints }
    },
  }
}

async function complaintsAbout(
  base: Pick<StorageBase, 'endpoint'>,
  { jwt, conversationId, messages }: Said,
): Promise<string[]> {
  const place = { jwt, conversationId, dialogId: conversationId }
  const stored = await readHistory(base.endpoint(), place)
  const wrong = sequenceComplaints(stored)
  for (const [nth, { sequence, text }] of messages.entries()) {
    const same = stored.filter((one) => one.text === text)
    if (same.length === 0) wrong.push(`the acknowledged message ${sequence} is lost`)
    if (same.length > 1) wrong.push(`the message ${sequence} is there ${same.length} times`)
    if (same[0] && same[0].sequence !== sequence) wrong.push(`the message ${sequence} has moved`)
    const before = messages[nth - 1]
    if (before && before.sequence >= sequence) wrong.push(`the message ${sequence} came too early`)
  }
  return wrong.map((what) => `${conversationId}: ${what}`)
}
