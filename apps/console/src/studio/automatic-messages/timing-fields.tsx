import type { AutomaticMessage } from '@parley/contract'
import { Amount } from '../ui/amount.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { messageWords as t } from './words.ts'

type Timing = NonNullable<AutomaticMessage['timing']>

interface Props {
  inherited: Timing | undefined
  /** Undefined where it is inherited. */
  value: Timing | undefined
  onChange: (timing: Timing | undefined) => void
}

const MINUTES_30: Timing = { time: 30, timeUnits: 'minutes', repeat: 1 }

/** After how long a silence counts, and how often. */
export function TimingFields({ inherited = MINUTES_30, value, onChange }: Props) {
  return (
    <fieldset className="stack bare">
      <legend>{t.timing}</legend>
      <CheckBox
        label={t.ownTiming}
        isSelected={value !== undefined}
        onChange={(isOwn) => onChange(isOwn ? inherited : undefined)}
      />
      {value === undefined ? (
        <p className="faint">{t.after(inherited)}</p>
      ) : (
        <div className="filters">
          <Amount
            label={t.time}
            value={value.time}
            onChange={(time) => onChange({ ...value, time })}
            isRequired
          />
          <Choice
            label={t.units}
            value={value.timeUnits}
            options={[
              { id: 'minutes', name: t.unitNames.minutes },
              { id: 'seconds', name: t.unitNames.seconds },
            ]}
            onChange={(id) =>
              onChange({ ...value, timeUnits: id === 'seconds' ? 'seconds' : 'minutes' })
            }
          />
          <Amount
            label={t.repeat}
            value={value.repeat}
            onChange={(repeat) => onChange({ ...value, repeat })}
            isRequired
          />
        </div>
      )}
    </fieldset>
  )
}
