import type { Store } from '#base/store'
import { tellChange } from './change.ts'

/** A stored run, or a batch of them. */
export interface StoredRun {
  accountId: string
  functionId: string
  conversationId?: string | null | undefined
}

/** Tells every node which functions have new runs, and of which conversations. Call it after the commit. */
export function tellRuns(store: Pick<Store, 'notify'>, runs: readonly StoredRun[]): void {
  const told = new Set<string>()
  for (const { accountId, functionId, conversationId } of runs) {
    const key = `${accountId} ${functionId} ${conversationId ?? ''}`
    if (told.has(key)) continue
    told.add(key)
    tellChange(store, accountId, {
      topic: 'runs',
      id: functionId,
      ...(conversationId && { conversationId }),
    })
  }
}
