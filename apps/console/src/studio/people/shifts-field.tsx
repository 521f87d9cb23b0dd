import type { Shift } from '@parley/contract'
import { Plus, X } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { hoursWords as t } from './hours-words.ts'

const MIDNIGHT = '24:00'
const FIRST: Shift = { from: '09:00', to: '17:00' }

interface Props {
  /** What the day is called, for who does not see it. */
  day: string
  shifts: readonly Shift[]
  onChange: (shifts: Shift[]) => void
}

/** The hours of one day, any number of them. */
export function ShiftsField({ day, shifts, onChange }: Props) {
  const set = (index: number, part: Partial<Shift>): void =>
    onChange(shifts.map((one, at) => (at === index ? { ...one, ...part } : one)))
  return (
    <div className="shifts">
      {shifts.length === 0 && <span className="faint">{t.closed}</span>}
      {shifts.map(({ from, to }, index) => (
        <span key={index} className="field shift-row">
          <input
            type="time"
            aria-label={t.from(day, index + 1)}
            value={from}
            required
            onChange={({ target }) => set(index, { from: target.value })}
          />
          –
          <input
            type="time"
            aria-label={t.to(day, index + 1)}
            // Browsers know no 24:00.
            value={to === MIDNIGHT ? '00:00' : to}
            required
            onChange={({ target }) =>
              set(index, { to: target.value === '00:00' ? MIDNIGHT : target.value })
            }
          />
          <Button
            kind="quiet"
            aria-label={t.dropShift(day, index + 1)}
            onPress={() => onChange(shifts.filter((_, at) => at !== index))}
          >
            <X aria-hidden size={14} />
          </Button>
        </span>
      ))}
      <Button
        kind="quiet"
        aria-label={t.addShift(day)}
        onPress={() => onChange([...shifts, nextOf(shifts)])}
      >
        <Plus aria-hidden size={14} />
        {t.addShort}
      </Button>
    </div>
  )
}

/** After the last hours of the day, so that two never lie upon each other. */
function nextOf(shifts: readonly Shift[]): Shift {
  const last = shifts.at(-1)
  return last && last.to < '23:00' ? { from: last.to, to: MIDNIGHT } : FIRST
}
