import type { z } from 'zod'
import { type Actor, openAudit } from '#identity/audit'
import { perAccount } from '#base/kit'
import type { Clock, Ids } from '#base/kernel'
import { type Db, jsonb, type Store } from '#base/store'

/** One document of settings per account, read once and again after a change. */
export interface AccountDocument<Value> extends Disposable {
  /** The schema's defaults where nothing was set. */
  get(accountId: string): Promise<Value>
  /** Of two changes at once the later one holds; the audit tells both. */
  set(accountId: string, actor: Actor, value: Value): Promise<Value>
}

const ID = 'account'

export function openAccountDocument<Value extends Record<string, unknown>>(
  deps: { store: Store; clock: Clock; ids: Ids },
  kind: string,
  schema: z.ZodType<Value>,
): AccountDocument<Value> {
  const { store } = deps
  const audit = openAudit(deps)
  const known = perAccount(store, kind, async (accountId) => {
    const row = await store.db
      .selectFrom('document')
      .select('state')
      .where('accountId', '=', accountId)
      .where('kind', '=', kind)
      .where('id', '=', ID)
      .executeTakeFirst()
    return schema.parse(row?.state ?? {})
  })

  return {
    get: known.get,
    set: (accountId, actor, value) =>
      known.change(accountId, async (tx) => {
        await write(tx, { accountId, kind }, value)
        const entry = { actor, action: `${kind}.changed`, object: kind, details: value }
        await audit.record(tx, accountId, entry)
        return value
      }),
    [Symbol.dispose]: () => known[Symbol.dispose](),
  }
}

async function write(
  tx: Db,
  document: { accountId: string; kind: string },
  value: object,
): Promise<void> {
  const state = jsonb(value)
  await tx
    .insertInto('document')
    .values({ ...document, id: ID, version: 1, state })
    .onConflict((conflict) =>
      conflict
        .columns(['accountId', 'kind', 'id'])
        .doUpdateSet((eb) => ({ state, version: eb('document.version', '+', 1) })),
    )
    .execute()
}
