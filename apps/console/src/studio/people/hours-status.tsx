import { getShiftStatus } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { DoorClosed, DoorOpen } from 'lucide-react'
import { ask } from '../api/server.ts'
import { Due } from '../ui/time.tsx'
import { hoursWords as t } from './hours-words.ts'

/** Time alone opens and closes. */
const EVERY_MS = 30_000

/** Whether it is open now, and when that changes, as the server says. `owner` has hours of its own; `account` for all others. */
export function HoursStatus({ accountId, owner }: { accountId: string; owner: string }) {
  const skillId = owner === 'account' ? undefined : owner
  const { data } = useQuery({
    queryKey: ['shift-status', accountId, owner],
    queryFn: () => ask(accountId, getShiftStatus, { query: { skillId } }),
    refetchInterval: EVERY_MS,
  })
  if (!data) return null
  const { offHours, nextOn, nextOff } = data
  const Icon = offHours ? DoorClosed : DoorOpen
  const next = offHours ? nextOn : nextOff
  return (
    <>
      <span className={offHours ? 'chip warn' : 'chip good'}>
        <Icon aria-hidden size={14} />
        {offHours ? t.closed : t.open}
      </span>{' '}
      <span className="faint">
        {next === undefined ? (
          offHours && t.noOpening
        ) : (
          <>
            {offHours ? t.opens : t.closes} <Due at={next} />
          </>
        )}
      </span>
    </>
  )
}
