import pg from 'pg'
import { inject } from 'vitest'
import * as z from 'zod'
import {
  type Clock,
  type Monotonic,
  openLogger,
  randomIds,
  systemMonotonic,
  virtualClock,
} from '#base/kernel'
import { cloneDatabase } from '#base/postgres'
import { openStore, type Store } from '#base/store'
import type { DeliveryDeps } from './deps.ts'
import { type Delivery, openDelivery } from './open.ts'
import type { OutboxConsumer, OutboxRow } from './types.ts'

export const START = Date.UTC(2026, 0, 5, 9)
export const Facts = z.object({ n: z.number() })
export type Facts = z.infer<typeof Facts>

export interface TestNode extends DeliveryDeps {
  store: Store
  delivery: Delivery
}

/**
 * Two nodes on one fresh database, with one virtual clock that their deliveries follow.
 * @param options.isolation what the database has by default
 * @param options.templateUrl that of another server than all tests share
 */
export async function twoNodes({
  isolation,
  templateUrl = inject('templateUrl'),
}: { isolation?: string; templateUrl?: string } = {}) {
  await using opened = new AsyncDisposableStack()
  const database = opened.use(await cloneDatabase(templateUrl))
  if (isolation) await setDefaultIsolation(database.url, isolation)
  const clock = virtualClock(START)
  const openNode = async () => {
    const node = await openTestNode(clock, database.url)
    opened.defer(() => node.store[Symbol.asyncDispose]())
    opened.defer(() => node.delivery[Symbol.asyncDispose]())
    clock.follow(node.delivery.follower)
    return node
  }
  const [one, other] = [await openNode(), await openNode()]
  const resources = opened.move()
  return {
    one,
    other,
    clock,
    url: database.url,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

async function setDefaultIsolation(url: string, isolation: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(`do $$ begin
    execute format('alter database %I set default_transaction_isolation = %L', current_database(), '${isolation}');
  end $$`)
  await client.end()
}

export async function openTestNode(
  clock: Clock,
  url: string,
  monotonic: Monotonic = systemMonotonic(),
): Promise<TestNode> {
  const deps = {
    logger: openLogger('fatal'),
    clock,
    monotonic,
    ids: randomIds(),
  }
  const store = await openStore(deps, { kind: 'given', url })
  return { ...deps, store, delivery: openDelivery({ ...deps, store }) }
}

/** A consumer that does `work` and then ends its row. */
export function ending(
  delivery: Delivery,
  work: (row: OutboxRow<Facts>) => Promise<void> | void,
  more?: Partial<OutboxConsumer<Facts>>,
): OutboxConsumer<Facts> {
  return {
    name: 'bot',
    workers: 'functions',
    facts: Facts,
    async handle(row) {
      await work(row)
      await delivery.end(row)
    },
    ...more,
  }
}

export function rows(orderingKey: string, ...ns: number[]) {
  return {
    accountId: 'acme',
    documents: [],
    outbox: ns.map((n) => ({ consumer: 'bot', orderingKey, facts: { n } })),
  }
}
