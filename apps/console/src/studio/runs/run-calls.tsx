import type { OutgoingCall } from '@parley/contract'
import type { ReactNode } from 'react'
import { PlainTable } from '../ui/plain-table.tsx'
import { ms, runWords as t } from '../words/runs.ts'

interface Props {
  calls: readonly OutgoingCall[] | null
  /** What stands for a place in the source, such as `index.js:3:7`. */
  link: (place: string) => ReactNode
}

/** What a run called outside, what it was answered, and what was not let out. */
export function RunCalls({ calls, link }: Props) {
  if (!calls || calls.length === 0) return <p className="faint">{t.noCalls}</p>
  return (
    <PlainTable
      label={t.calls}
      rows={calls}
      keyOf={({ host }, index) => `${host}-${index}`}
      columns={[
        { head: t.host, cell: ({ host }) => <bdi>{host}</bdi> },
        { head: t.method, cell: ({ method }) => method },
        {
          head: t.answer,
          cell: (call) => (
            <span className={(call.refused ?? call.failed) ? 'bad' : ''}>{answerOf(call)}</span>
          ),
        },
        { head: t.took, cell: (call) => (call.ms === undefined ? '' : ms(call.ms)) },
        {
          head: t.from,
          cell: ({ calledFrom }) => calledFrom !== undefined && link(calledFrom),
        },
      ]}
    />
  )
}

function answerOf({ status, refused, failed }: OutgoingCall): string {
  if (refused !== undefined) return t.refused(refused)
  if (failed !== undefined) return t.failed(failed)
  return status === undefined ? t.noAnswer : String(status)
}
