import { perAccount } from '#credentials'
import type { Delivery } from '#delivery'
import { ParleyError } from '#kernel'
import type { Store } from '#store'
import type { z } from 'zod'

/** One document of settings per account, read once and again after a change. */
export interface AccountDocument<Value> extends Disposable {
  /** The schema's defaults where nothing was set. */
  get(accountId: string): Promise<Value>
  set(accountId: string, value: Value): Promise<Value>
}

const ID = 'account'
const MOST_ATTEMPTS = 5

export function openAccountDocument<Value extends object>(
  { store, delivery }: { store: Store; delivery: Delivery },
  kind: string,
  schema: z.ZodType<Value>,
): AccountDocument<Value> {
  async function read(accountId: string): Promise<{ value: Value; version: number }> {
    const row = await store.db
      .selectFrom('document')
      .select(['state', 'version'])
      .where('accountId', '=', accountId)
      .where('kind', '=', kind)
      .where('id', '=', ID)
      .executeTakeFirst()
    return { value: schema.parse(row?.state ?? {}), version: row?.version ?? 0 }
  }

  const known = perAccount(store, kind, async (accountId) => (await read(accountId)).value)

  return {
    get: known.get,
    async set(accountId, value) {
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
        const { version: readVersion } = await read(accountId)
        const documents = [{ kind, id: ID, readVersion, state: value }]
        const { status } = await delivery.commit({ accountId, documents })
        if (status !== 'applied') continue
        known.changed(accountId)
        return value
      }
      throw new ParleyError('conflict', 'The settings are being changed by others: try again')
    },
    [Symbol.dispose]: () => known[Symbol.dispose](),
  }
}
