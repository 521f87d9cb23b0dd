import { openExchange } from './exchange.ts'
import type { LoadPlan, LoadResult } from './plan.ts'

/** Every so many answers one is read whole. */
const CHECK_EVERY = 64
const NONCE_LENGTH = 16

function requestBytes({ headers, body }: LoadPlan, url: string) {
  const { host, pathname, search } = new URL(url)
  const nonceAt = body.indexOf('{{nonce}}')
  if (nonceAt < 0) throw new Error('The body has no place for the nonce')
  const before = body.slice(0, nonceAt)
  const after = body.slice(nonceAt + '{{nonce}}'.length)
  const length = Buffer.byteLength(before + after) + NONCE_LENGTH
  const lines = Object.entries({ ...headers, 'content-length': String(length) })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  const head = `POST ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\n${lines}\r\n${before}`
  return {
    bytes: Buffer.from(`${head}${'0'.repeat(NONCE_LENGTH)}${after}`),
    nonceAt: Buffer.byteLength(head),
  }
}

function pick<Item>(items: readonly Item[], turn: number): Item {
  const item = items[turn % items.length]
  if (item === undefined) throw new Error('There is nothing to ask')
  return item
}

/** Drives one connection until `until`, one request after another. */
async function drive(plan: LoadPlan, connection: number, until: number, latencies: number[]) {
  const urls = [plan.url].flat()
  const { hostname, port } = new URL(urls[0] ?? '')
  using exchange = await openExchange(hostname, Number(port))
  const requests = urls.map((url) => requestBytes(plan, url))
  for (let sent = 0; performance.now() < until; sent++) {
    // Connections begin at different ones, so that together they take turns.
    const { bytes, nonceAt } = pick(requests, connection + sent * plan.connections)
    const nonce = `${connection}-${sent}`.padStart(NONCE_LENGTH, 'n')
    bytes.write(nonce, nonceAt, 'latin1')
    const startedAt = performance.now()
    const { status, body } = await exchange.send(bytes)
    latencies.push(performance.now() - startedAt)
    const isExpected =
      plan.status === undefined ? status >= 200 && status <= 299 : status === plan.status
    if (!isExpected) throw new Error(`Answered ${status}: ${body.slice(0, 300)}`)
    if (plan.status === undefined && sent % CHECK_EVERY === 0 && !body.includes(nonce)) {
      throw new Error(`The answer does not contain ${nonce}: ${body.slice(0, 300)}`)
    }
  }
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

async function run(plan: LoadPlan): Promise<LoadResult> {
  const latencies: number[] = []
  const startedAt = performance.now()
  const until = startedAt + plan.seconds * 1000
  await Promise.all(
    Array.from({ length: plan.connections }, (_, index) => drive(plan, index, until, latencies)),
  )
  const seconds = (performance.now() - startedAt) / 1000
  const sorted = Float64Array.from(latencies).sort()
  return {
    requests: sorted.length,
    perSecond: sorted.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  }
}

process.once('message', (plan: LoadPlan) => {
  run(plan).then(
    (result) => process.send?.({ result }, () => process.exit(0)),
    (error: Error) => process.send?.({ error: error.message }, () => process.exit(1)),
  )
})
