import type { BotState } from '@parley/contract'
import { CircleCheck, CircleStop, TriangleAlert, Unplug } from 'lucide-react'
import { botWords } from './words.ts'

const LOOKS = {
  online: { Icon: CircleCheck, look: 'good' },
  offline: { Icon: CircleStop, look: 'quiet' },
  'vendor-interruption': { Icon: TriangleAlert, look: 'bad' },
  'service-interruption': { Icon: Unplug, look: 'bad' },
} as const satisfies Record<BotState, unknown>

/** Whether a bot serves, by icon, colour and word. */
export function BotStateChip({ state }: { state: BotState }) {
  const { Icon, look } = LOOKS[state]
  return (
    <span className={`chip ${look}`}>
      <Icon aria-hidden size={14} />
      {botWords.states[state]}
    </span>
  )
}
