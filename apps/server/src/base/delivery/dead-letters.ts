import type { Selectable } from 'kysely'
import { type Clock, ParleyError } from '#base/kernel'
import type { Db, Store, Tables } from '#base/store'
import { armTimer } from './enqueue.ts'

export type DeadLetter = Selectable<Tables['deadLetter']>

/** What could not be delivered, kept until somebody has a look. */
export interface DeadLetters {
  /** The newest first; `beforeId` continues a list. */
  list(
    accountId: string,
    page?: { name?: string | undefined; beforeId?: number | undefined; limit?: number },
  ): Promise<DeadLetter[]>
  get(accountId: string, id: number): Promise<DeadLetter>
  /** Puts it back, with all its attempts before it. */
  redrive(accountId: string, id: number): Promise<void>
}

const PAGE = 100

export function openDeadLetters(deps: {
  store: Store
  clock: Clock
  wake: () => void
}): DeadLetters {
  const { store, clock, wake } = deps
  return {
    list(accountId, { name, beforeId, limit = PAGE } = {}) {
      let query = store.db.selectFrom('deadLetter').selectAll().where('accountId', '=', accountId)
      if (name !== undefined) query = query.where('name', '=', name)
      if (beforeId !== undefined) query = query.where('id', '<', beforeId)
      return query.orderBy('id', 'desc').limit(Math.min(limit, PAGE)).execute()
    },
    async get(accountId, id) {
      const letter = await store.db
        .selectFrom('deadLetter')
        .selectAll()
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
      if (!letter) throw noDeadLetter(id)
      return letter
    },
    async redrive(accountId, id) {
      await store.transaction(async (tx) => {
        const letter = await tx
          .deleteFrom('deadLetter')
          .where('accountId', '=', accountId)
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (!letter) throw noDeadLetter(id)
        const { name, lane, facts } = letter
        if (letter.source === 'timer') {
          await refuseIfArmed(tx, accountId, name, lane)
          await armTimer(tx, accountId, { kind: name, key: lane, dueAt: clock.now(), facts })
        } else {
          await store.enqueue(tx, accountId, [{ consumer: name, orderingKey: lane, facts }])
        }
      })
      wake()
    },
  }
}

/** The timer that was armed since is the newer truth. */
async function refuseIfArmed(tx: Db, accountId: string, kind: string, key: string): Promise<void> {
  const armed = await tx
    .selectFrom('timer')
    .select('generation')
    .where('accountId', '=', accountId)
    .where('kind', '=', kind)
    .where('key', '=', key)
    .executeTakeFirst()
  if (armed) throw new ParleyError('conflict', `Timer "${kind}" of "${key}" is armed again already`)
}

function noDeadLetter(id: number): ParleyError {
  return new ParleyError('not_found', `No dead letter ${id}`)
}
