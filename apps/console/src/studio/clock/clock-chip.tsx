import { type ClockMove, type ClockState, moveClock } from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { AlarmClock } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { noteServerTime } from '../api/server-time.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { ModalDialog } from '../ui/modal-dialog.tsx'
import { Instant } from '../ui/time.tsx'
import { clockWords as t, span } from '../words/clock.ts'
import { clockKey, useClock } from './use-clock.ts'

const MINUTE_MS = 60_000

/** How far the clock of a development server is ahead, what is due next, and the way there. */
export function ClockChip({ accountId }: { accountId: string }) {
  const clock = useClock(accountId)
  const [isOpen, setOpen] = useState(false)
  if (!clock) return null
  return (
    <>
      <Button
        kind="quiet"
        className={isMoved(clock) ? 'moved' : ''}
        aria-haspopup="dialog"
        onPress={() => setOpen(true)}
      >
        <AlarmClock aria-hidden size={16} />
        {labelOf(clock)}
      </Button>
      {isOpen && (
        <ModalDialog title={t.title} onClose={() => setOpen(false)}>
          <ClockPanel accountId={accountId} clock={clock} />
        </ModalDialog>
      )}
    </>
  )
}

function ClockPanel({ accountId, clock }: { accountId: string; clock: ClockState }) {
  const client = useQueryClient()
  const [minutes, setMinutes] = useState('10')
  const move = useMutation({
    mutationFn: (body: ClockMove) => ask(accountId, moveClock, { body }),
    onSuccess: async (state) => {
      noteServerTime(state.now)
      client.setQueryData(clockKey(accountId), state)
      // What was due on the way has happened.
      await client.invalidateQueries()
    },
  })
  const { now, nextTimer, mode } = clock

  function submit(event: FormEvent): void {
    event.preventDefault()
    move.mutate({ move: 'by', ms: Math.round(Number(minutes) * MINUTE_MS) })
  }

  return (
    <>
      <Facts
        facts={[
          [t.now, <Instant key="now" at={now} />],
          [
            t.next,
            nextTimer ? (
              <span key="next">
                <Instant at={nextTimer.at} /> {nextTimer.kind}{' '}
                <code className="faint">{nextTimer.key}</code>
              </span>
            ) : (
              t.nothing
            ),
          ],
        ]}
      />
      {move.error && <ErrorNotice error={move.error} />}
      <Button
        kind="primary"
        isDisabled={!nextTimer}
        isPending={move.isPending}
        onPress={() => move.mutate({ move: 'next' })}
      >
        {t.goNext}
      </Button>
      <form className="replay-bar" onSubmit={submit}>
        <Field
          label={t.minutes}
          type="number"
          inputMode="numeric"
          value={minutes}
          onChange={setMinutes}
          isRequired
        />
        <Button type="submit" isPending={move.isPending}>
          {t.go}
        </Button>
      </form>
      <p className="faint">{t.never}</p>
      <Button
        isPending={move.isPending}
        onPress={() => move.mutate({ move: mode === 'ticking' ? 'hold' : 'real' })}
      >
        {mode === 'ticking' ? t.hold : t.tick}
      </Button>
    </>
  )
}

const isMoved = ({ aheadMs, mode }: ClockState): boolean =>
  mode === 'standing' || Math.abs(aheadMs) >= MINUTE_MS

function labelOf(clock: ClockState): string {
  const { aheadMs, mode } = clock
  const far = Math.abs(aheadMs) >= MINUTE_MS
  const label = far ? (aheadMs > 0 ? t.ahead : t.behind)(span(aheadMs)) : t.real
  return mode === 'standing' ? t.held(label) : label
}
