import { Choice } from '../../studio/ui/choice.tsx'
import { words } from '../../studio/words/index.ts'
import type { Desk } from '../desk/desk.ts'
import { AVAILABILITIES, type Availability } from '../desk/state.ts'
import { t } from '../words.ts'
import { attempt } from './use-desk.ts'

/** Until the server has said it. Another one can be chosen meanwhile. */
const UNKNOWN = { id: 'UNKNOWN', name: words.common.loading }

interface Props {
  desk: Desk
  availability: Availability | undefined
  /** Conversations and chats that the agent has, and has room for. */
  used: number
  most: number | undefined
}

/** Whether conversations are offered to the agent. */
export function StatusChoice({ desk, availability, used, most }: Props) {
  return (
    <div className={`status-choice ${availability ?? ''}`}>
      <Choice
        label={t.status}
        value={availability ?? UNKNOWN.id}
        options={[
          ...(availability === undefined ? [UNKNOWN] : []),
          ...AVAILABILITIES.map((id) => ({ id, name: t.statuses[id] })),
        ]}
        onChange={(id) => {
          const next = AVAILABILITIES.find((one) => one === id)
          if (next) void attempt(desk, desk.setAvailability(next))
        }}
      />
      {most !== undefined && <span className="faint capacity">{t.capacity(used, most)}</span>}
    </div>
  )
}
