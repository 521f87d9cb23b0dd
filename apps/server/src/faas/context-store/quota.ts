import { boundedMap, declareBound } from '#base/bounds'
import { type Monotonic, ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { Settings } from '#identity/settings'
import { storedBytes } from './repository.ts'

/** How long a measurement is good, and how much may be written after it. Other nodes write, too. */
const MEASURED_MS = 60_000
const MEASURED_BYTES = 4_194_304
/** So long a full store is not measured again, unless something was deleted by this node. */
const FULL_MS = 5_000

const MEASURED = declareBound({
  kind: 'map',
  holds: 'accounts whose context store was measured',
  limit: 10_000,
  per: 'node',
  beyond: 'the one whose last write is longest ago is forgotten, and measured again',
})

interface Measurement {
  at: number
  bytes: number
  /** Written since, replaced values included. */
  writtenBytes: number
}

type QuotaCheck = (tx: Db) => Promise<void>

/** How much functions of an account may keep: `limits.contextStoreBytes`. */
export interface Quota {
  /**
   * To be called before the transaction of a write, which must not wait for another connection. Answers what is to be called in the
   * transaction, after the write; that throws ParleyError `context_store_full`.
   */
  open(accountId: string, write: { writtenBytes: number; now: Date }): Promise<QuotaCheck>
  /** To be called when something was deleted. */
  freed(accountId: string): void
}

export function openQuota({
  monotonic,
  settings,
}: {
  monotonic: Monotonic
  settings: Pick<Settings, 'get'>
}): Quota {
  const measured = boundedMap<string, Measurement>(MEASURED)

  function full(limit: number): ParleyError {
    return new ParleyError(
      'context_store_full',
      `The context store holds at most ${limit} bytes of this account: delete properties, or raise limits.contextStoreBytes`,
    )
  }

  return {
    async open(accountId, { writtenBytes, now: writtenAt }) {
      const { contextStoreBytes: limit } = (await settings.get(accountId)).limits
      return async (tx) => {
        const known = measured.get(accountId)
        const now = monotonic.now()
        const age = known ? now - known.at : Infinity
        if (known && known.bytes > limit && age < FULL_MS) throw full(limit)
        const written = (known?.writtenBytes ?? 0) + writtenBytes
        const mayBeFull = !known || known.bytes + written > limit
        if (!mayBeFull && age < MEASURED_MS && written < MEASURED_BYTES) {
          measured.set(accountId, { ...known, writtenBytes: written })
          return
        }
        const bytes = await storedBytes(tx, accountId, writtenAt)
        measured.set(accountId, { at: now, bytes, writtenBytes: 0 })
        if (bytes > limit) throw full(limit)
      }
    },
    freed: (accountId) => void measured.delete(accountId),
  }
}
