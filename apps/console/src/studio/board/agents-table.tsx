import type { BoardAgent } from '@parley/contract'
import { Bot, Circle, CircleCheck, CircleMinus } from 'lucide-react'
import { LongTable } from '../ui/long-table.tsx'
import { Ago } from '../ui/time.tsx'
import { locale } from '../words/index.ts'
import { AvailabilityButton } from './availability-button.tsx'
import { boardWords as t } from './words.ts'

const LOOKS = {
  ONLINE: ['good', CircleCheck],
  OCCUPIED: ['warn', CircleMinus],
  BACK_SOON: ['warn', CircleMinus],
  AWAY: ['warn', CircleMinus],
  OFFLINE: ['', Circle],
} as const

interface Props {
  accountId: string
  agents: readonly BoardAgent[]
  /** Shows the conversations of this agent. */
  onAgent: (id: string) => void
  /** What has happened, in words. */
  onSaid: (said: string) => void
}

/** Who is there, and with how much to do. */
export function AgentsTable({ accountId, agents, onAgent, onSaid }: Props) {
  if (agents.length === 0) return <p className="faint">{t.noAgents}</p>
  return (
    <LongTable
      label={t.agents}
      rows={agents}
      keyOf={({ userId }) => userId}
      columns={[
        {
          head: t.agent,
          cell: ({ userId, name, isBot }) => (
            <>
              <button type="button" className="link" onClick={() => onAgent(userId)}>
                <bdi>{name}</bdi>
              </button>{' '}
              {isBot && (
                <span className="chip">
                  <Bot aria-hidden size={14} />
                  {t.bot}
                </span>
              )}
            </>
          ),
        },
        {
          head: t.state,
          cell: ({ availability, since }) => {
            const [look, Icon] = LOOKS[availability]
            return (
              <>
                <span className={`chip ${look}`}>
                  <Icon aria-hidden size={14} />
                  {t.availability[availability]}
                </span>
                {since !== undefined && (
                  <span className="faint line">
                    <Ago at={since} />
                  </span>
                )}
              </>
            )
          },
        },
        { head: t.load, cell: ({ slots, maxSlots }) => t.loadOf(slots, maxSlots) },
        { head: t.chats, className: 'number', cell: ({ chats }) => chats.toLocaleString(locale) },
        {
          head: t.late,
          className: 'number',
          cell: ({ late }) => (
            <span className={late > 0 ? 'bad' : ''}>{late.toLocaleString(locale)}</span>
          ),
        },
        {
          head: t.order,
          cell: (agent) => (
            <AvailabilityButton accountId={accountId} agent={agent} onSaid={onSaid} />
          ),
        },
      ]}
    />
  )
}
