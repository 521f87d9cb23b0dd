import { setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerOrders } from '../../bench/answer-orders.ts'
import { ATTACKS } from './attacks.ts'
import type { Target } from './target.ts'

/** Clients of many addresses that attack side by side, in a process that leaves the processors to others. */
setPriority(19)

type Order = { start: Omit<Target, 'localAddress' | 'signal'> } | 'stop'

const PAUSE_MS = 50
const waves: Record<string, number> = {}
let stop = new AbortController()
let attacking: Promise<unknown> = Promise.resolve()

async function attack(name: string, target: Target): Promise<void> {
  while (!target.signal.aborted) {
    await ATTACKS[name]?.(target)
    waves[name] = (waves[name] ?? 0) + 1
    await sleep(PAUSE_MS)
  }
}

answerOrders(async (order: Order) => {
  if (order === 'stop') {
    stop.abort()
    await attacking
    return waves
  }
  stop = new AbortController()
  const { signal } = stop
  attacking = Promise.all(
    Object.keys(ATTACKS).map((name, index) =>
      attack(name, { ...order.start, localAddress: `127.0.0.${10 + index}`, signal }),
    ),
  )
  attacking.catch((cause: unknown) => console.error('An attack failed by itself:', cause))
  return 'started'
})
