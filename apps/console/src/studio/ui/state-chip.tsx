import type { FunctionState } from '@parley/contract'
import { CircleCheck, CircleDashed, CircleX, Pencil, TriangleAlert } from 'lucide-react'
import { words } from '../words/index.ts'

const LOOKS = {
  Draft: { Icon: CircleDashed, look: 'quiet' },
  Productive: { Icon: CircleCheck, look: 'good' },
  Modified: { Icon: Pencil, look: 'warn' },
  'Marked Undeployed': { Icon: CircleDashed, look: 'quiet' },
  'Build Error': { Icon: CircleX, look: 'bad' },
  'Deploy Error': { Icon: TriangleAlert, look: 'bad' },
} as const satisfies Record<FunctionState, unknown>

/** The state of a function by icon, colour and word. */
export function StateChip({ state }: { state: FunctionState }) {
  const { Icon, look } = LOOKS[state]
  return (
    <span className={`chip ${look}`}>
      <Icon aria-hidden size={14} />
      {words.functions.states[state]}
    </span>
  )
}
