import type { BoardQueue } from '@parley/contract'
import { LongTable } from '../ui/long-table.tsx'
import { locale } from '../words/index.ts'
import { lasting } from './lasting.ts'
import { Waited } from './waited.tsx'
import { boardWords as t } from './words.ts'

interface Props {
  queues: readonly BoardQueue[]
  skillName: (id: string) => string
  /** Shows the conversations of this skill. */
  onSkill: (id: string) => void
}

/** What is open in each skill, where somebody waits longest first. */
export function QueuesTable({ queues, skillName, onSkill }: Props) {
  if (queues.length === 0) return <p className="faint">{t.noQueues}</p>
  return (
    <LongTable
      label={t.queues}
      rows={queues}
      keyOf={({ skillId }) => skillId}
      columns={[
        {
          head: t.skill,
          cell: ({ skillId }) => (
            <button type="button" className="link" onClick={() => onSkill(skillId)}>
              <bdi>{skillName(skillId)}</bdi>
            </button>
          ),
        },
        {
          head: t.waiting,
          className: 'number',
          cell: ({ waiting }) => waiting.toLocaleString(locale),
        },
        {
          head: t.oldest,
          cell: ({ waitingSince }) => waitingSince !== undefined && <Waited since={waitingSince} />,
        },
        { head: t.target, cell: ({ targetMs }) => lasting(targetMs) },
        {
          head: t.late,
          className: 'number',
          cell: ({ late }) => (
            <span className={late > 0 ? 'bad' : ''}>{late.toLocaleString(locale)}</span>
          ),
        },
        {
          head: t.withPeople,
          className: 'number',
          cell: ({ withPeople }) => withPeople.toLocaleString(locale),
        },
        {
          head: t.withBots,
          className: 'number',
          cell: ({ withBots }) => withBots.toLocaleString(locale),
        },
      ]}
    />
  )
}
