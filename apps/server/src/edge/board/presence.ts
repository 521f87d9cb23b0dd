import type { BoardAgent, User } from '@parley/contract'
import type { AgentState } from '#messaging/rules'

/** How an agent is now. One that nothing is stored about is offline. */
export function presenceOf(
  { userId, nickname, loginName, kind, maxSlots }: User,
  state: AgentState | undefined,
): Pick<BoardAgent, 'userId' | 'name' | 'isBot' | 'availability' | 'slots' | 'maxSlots'> {
  return {
    userId,
    name: nickname || loginName,
    isBot: kind === 'bot',
    availability: !state || state.gone ? 'OFFLINE' : state.availability,
    slots: state?.slots.length ?? 0,
    maxSlots,
  }
}
