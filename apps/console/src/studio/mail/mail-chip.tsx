import type { MailState } from '@parley/contract'
import {
  Ban,
  CircleCheck,
  CirclePause,
  CircleX,
  Clock,
  Inbox,
  RotateCcw,
  Undo2,
} from 'lucide-react'
import { mailWords as t } from './words.ts'

const LOOKS = {
  queued: { Icon: Clock, look: 'quiet' },
  held: { Icon: CirclePause, look: 'warn' },
  deferred: { Icon: RotateCcw, look: 'warn' },
  sent: { Icon: CircleCheck, look: 'good' },
  kept: { Icon: Inbox, look: 'quiet' },
  refused: { Icon: Ban, look: 'bad' },
  failed: { Icon: CircleX, look: 'bad' },
  bounced: { Icon: Undo2, look: 'bad' },
} as const satisfies Record<MailState, unknown>

/** What has become of a mail, by icon, colour and word. */
export function MailChip({ state }: { state: MailState }) {
  const { Icon, look } = LOOKS[state]
  return (
    <span className={`chip ${look}`}>
      <Icon aria-hidden size={14} />
      {t.states[state]}
    </span>
  )
}
