import type { ListedNode } from '@parley/contract'
import type { OperatorDeps } from './deps.ts'
import { selectNodes } from './repository.ts'

/** By their ids. */
export async function listRunningNodes({
  store,
}: Pick<OperatorDeps, 'store'>): Promise<{ nodes: ListedNode[] }> {
  return { nodes: await selectNodes(store.db) }
}
