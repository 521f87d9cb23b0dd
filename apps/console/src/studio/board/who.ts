import type { BoardConversation } from '@parley/contract'
import { words } from '../words/index.ts'

/** The consumer as agents see the name in the workspace. */
export function who({ consumerId, consumerName }: BoardConversation): string {
  return consumerName === '' ? words.common.visitor(consumerId ?? '') : consumerName
}
