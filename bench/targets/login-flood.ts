import { randomUUID } from 'node:crypto'
import { setPriority } from 'node:os'
import { send } from '../../e2e/attack/target.ts'
import { answerOrders } from '../answer-orders.ts'

/** Log-ins with invented names, 64 at once, from as many addresses; in a process that leaves the processors to others. */
setPriority(19)
const AT_ONCE = 64

type Order = { start: { url: string; accountId: string } } | 'stop'

const statuses: Record<string, number> = {}
let stop = new AbortController()
let flooding: Promise<unknown> = Promise.resolve()

async function flood({ url, accountId }: { url: string; accountId: string }, index: number) {
  const { signal } = stop
  const target = { url, tlsPort: 0, accountId, localAddress: `127.0.2.${index + 1}`, signal }
  const path = `/api/v1/accounts/${accountId}/sessions`
  const headers = { 'content-type': 'application/json' }
  while (!signal.aborted) {
    const body = JSON.stringify({ loginName: randomUUID(), password: 'a wrong password' })
    const { status } = await send(target, 'POST', path, { headers, body })
    statuses[status] = (statuses[status] ?? 0) + 1
  }
}

answerOrders(async (order: Order) => {
  if (order === 'stop') {
    stop.abort()
    await flooding
    return statuses
  }
  stop = new AbortController()
  flooding = Promise.all(Array.from({ length: AT_ONCE }, (_, index) => flood(order.start, index)))
  flooding.catch((cause: unknown) => console.error('The flood failed by itself:', cause))
  return 'started'
})
