import type { BotState } from '@parley/contract'
import type { BotTest } from './bot-kind.ts'

/** What a bot is when it is to be started or stopped, and its test has ended so. */
export function stateAfter(wanted: 'online' | 'offline', tested: BotTest | undefined): BotState {
  if (!tested || tested.ok) return wanted
  return `${tested.interrupts}-interruption`
}
