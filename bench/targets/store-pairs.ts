import {
  openLogger,
  randomIds,
  systemClock,
  systemMonotonic,
} from '../../apps/server/src/base/kernel/index.ts'
import { type CommitOperation, openStore } from '../../apps/server/src/base/store/index.ts'
import { answerOrders } from '../answer-orders.ts'
import { conversationState, MESSAGE_BODY, TEXT } from './pair-rows.ts'

/** Events and commands as the store sees them, without what decides and runs them. */
const clock = systemClock()
const store = await openStore(
  { logger: openLogger('warn'), clock, monotonic: systemMonotonic(), ids: randomIds() },
  { kind: 'given', url: process.env['DATABASE_URL'] ?? '' },
)
const ACCOUNT = 'bench'
let conversations = 0

function write(conversationId: string, version: number, more: Partial<CommitOperation>) {
  return store.commit({
    accountId: ACCOUNT,
    documents: [
      {
        kind: 'conversation',
        id: conversationId,
        readVersion: version,
        state: conversationState(conversationId, version),
      },
    ],
    messages: [
      {
        conversationId,
        dialogId: conversationId,
        sequence: version,
        at: clock.now(),
        body: MESSAGE_BODY,
      },
    ],
    ...more,
  })
}

/** An event with its outbox row; then, in one commit, the command's effects and the row's end. */
async function pair(conversationId: string, version: number): Promise<void> {
  const event = await write(conversationId, version, {
    outbox: [{ consumer: 'bench', orderingKey: conversationId, facts: { TEXT }, lease: true }],
  })
  if (event.status !== 'applied') throw new Error(`The event was not applied: ${event.status}`)
  const outboxId = event.outbox[0]?.id ?? 0
  const command = await write(conversationId, version + 1, { completesRow: { outboxId } })
  if (command.status !== 'applied') throw new Error(`Not applied: ${command.status}`)
}

async function storePairs({
  atOnce,
  seconds,
}: {
  atOnce: number
  seconds: number
}): Promise<number> {
  const startedAt = performance.now()
  let pairs = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const conversationId = `bench-${++conversations}-${startedAt.toFixed(3)}`
      for (let version = 0; performance.now() < startedAt + seconds * 1000; version += 2) {
        await pair(conversationId, version)
        pairs += 1
      }
    }),
  )
  return (pairs * 1000) / (performance.now() - startedAt)
}

answerOrders(storePairs, () => store[Symbol.asyncDispose]())
