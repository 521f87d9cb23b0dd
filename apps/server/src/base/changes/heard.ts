import { UpdateTopic } from '@parley/contract'
import type { Store } from '#base/store'
import { CHANNEL } from './change.ts'

const ROWS = 1024

/** Which topics have changed since when, as far as this node has heard. */
export interface HeardChanges extends Disposable {
  /** Whether something of the topic may have changed at `since` or later, in domain time. */
  mayHaveChanged(accountId: string, topic: UpdateTopic, since: number): boolean
}

/**
 * Notes when this node has heard last of a change of each topic. Several accounts may share a row: of those it says more often than
 * need be that something may have changed.
 * @param now in domain time
 */
export function hearChanges(
  { onNotify, onResync }: Pick<Store, 'onNotify' | 'onResync'>,
  now: () => number,
): HeardChanges {
  const topics: readonly string[] = UpdateTopic.options
  const heardAt = new Float64Array(ROWS * topics.length)
  /** What changed before, this node may not have heard of. */
  let missedUntil = now()
  const placeOf = (account: string, topic: string): number =>
    rowOf(account) * topics.length + topics.indexOf(topic)

  const watching = new DisposableStack()
  watching.use(
    onNotify(CHANNEL, (payload) => {
      const [account = '', topic = ''] = payload.split('/', 2)
      if (topics.includes(topic)) heardAt[placeOf(account, topic)] = now()
    }),
  )
  watching.use(onResync(() => void (missedUntil = now())))
  return {
    mayHaveChanged(accountId, topic, since) {
      const at = heardAt[placeOf(encodeURIComponent(accountId), topic)] ?? 0
      return since <= Math.max(missedUntil, at)
    },
    [Symbol.dispose]: () => watching.dispose(),
  }
}

function rowOf(account: string): number {
  let hash = 0
  for (const character of account) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return hash % ROWS
}
