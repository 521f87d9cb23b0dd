import pg from 'pg'
import { answerOrders } from '../answer-orders.ts'

/** The anchor: connections that insert one row each time, durably, and nothing else. */
const TEXT = 'a row of a conversation, as long as this one is; '.repeat(10)
const clients: pg.Client[] = []

async function open(url: string, count: number): Promise<void> {
  while (clients.length < count) {
    const client = new pg.Client(url)
    await client.connect()
    clients.push(client)
  }
  await clients[0]?.query(
    'create table if not exists bench_insert (id bigserial primary key, at timestamptz, body jsonb)',
  )
}

answerOrders(async ({ url, atOnce, seconds }: { url: string; atOnce: number; seconds: number }) => {
  await open(url, atOnce)
  const startedAt = performance.now()
  let inserted = 0
  await Promise.all(
    clients.slice(0, atOnce).map(async (client) => {
      while (performance.now() < startedAt + seconds * 1000) {
        await client.query({
          name: 'insert',
          text: 'insert into bench_insert (at, body) values (now(), $1)',
          values: [JSON.stringify({ inserted, TEXT })],
        })
        inserted += 1
      }
    }),
  )
  return (inserted * 1000) / (performance.now() - startedAt)
})
