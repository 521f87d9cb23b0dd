import { boundedMap, declareBound } from '#base/bounds'
import { type Monotonic, ParleyError } from '#base/kernel'
import type { Db } from '#base/store'
import type { Settings } from '#identity/settings'
import { storedBytes } from './repository.ts'

/** How long a measurement is good, and how much may be written after it. Other nodes write, too. */
const MEASURED_MS = 60_000
const MEASURED_BYTES = 4_194_304
/** So long nobody measures again for a write that is no smaller, unless something was deleted by this node. */
const FULL_MS = 5_000

const MEASURED = declareBound({
  kind: 'map',
  holds: 'accounts whose context store was measured',
  limit: 10_000,
  per: 'node',
  beyond: 'the one whose last write is longest ago is forgotten, and measured again',
})

interface Known {
  /** The last time that there was room. */
  measured?: {
    at: number
    bytes: number
    /** Written since, replaced values included. */
    writtenBytes: number
  }
  /** The last write for which there was none. A smaller one may have room. */
  refused?: { at: number; writtenBytes: number; limit: number }
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
  const accounts = boundedMap<string, Known>(MEASURED)

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
        const { measured, refused } = accounts.get(accountId) ?? {}
        const now = monotonic.now()
        const isRefused =
          refused?.limit === limit &&
          refused.writtenBytes <= writtenBytes &&
          now - refused.at < FULL_MS
        if (isRefused) throw full(limit)
        const written = (measured?.writtenBytes ?? 0) + writtenBytes
        const mayBeFull = !measured || measured.bytes + written > limit
        if (!mayBeFull && now - measured.at < MEASURED_MS && written < MEASURED_BYTES) {
          const more = { ...measured, writtenBytes: written }
          accounts.set(accountId, { measured: more, ...(refused && { refused }) })
          return
        }
        const bytes = await storedBytes(tx, accountId, writtenAt)
        if (bytes > limit) {
          const known = accounts.get(accountId)
          accounts.set(accountId, { ...known, refused: { at: now, writtenBytes, limit } })
          throw full(limit)
        }
        const fresh = { at: now, bytes, writtenBytes: 0 }
        accounts.set(accountId, { measured: fresh, ...(refused && { refused }) })
      }
    },
    freed: (accountId) => void accounts.delete(accountId),
  }
}
