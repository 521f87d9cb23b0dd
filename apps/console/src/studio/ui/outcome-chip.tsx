import type { InvocationState } from '@parley/contract'
import { Ban, CircleCheck, CircleHelp, CircleX, Clock, TriangleAlert } from 'lucide-react'
import { runWords } from '../words/runs.ts'

const LOOKS = {
  SUCCEEDED: { Icon: CircleCheck, look: 'good' },
  CODING_FAILURE: { Icon: CircleX, look: 'bad' },
  PLATFORM_FAILURE: { Icon: TriangleAlert, look: 'bad' },
  TIMEOUT: { Icon: Clock, look: 'bad' },
  NOT_RUN: { Icon: Ban, look: 'quiet' },
  UNKOWN: { Icon: CircleHelp, look: 'warn' },
} as const satisfies Record<InvocationState, unknown>

/** How a run ended, by icon, colour and word. */
export function OutcomeChip({ outcome }: { outcome: InvocationState }) {
  const { Icon, look } = LOOKS[outcome]
  return (
    <span className={`chip ${look}`}>
      <Icon aria-hidden size={14} />
      {runWords.outcomes[outcome]}
    </span>
  )
}
