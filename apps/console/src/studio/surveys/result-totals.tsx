import { getSurveyTotals, type SurveyTotals } from '@parley/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { operateWords } from '../words/operate.ts'
import { surveyWords as t } from './words.ts'

export interface ResultQuery {
  surveyId: number
  from: string
  skillId: string | undefined
  agentId: string | undefined
}

interface Props {
  accountId: string
  query: ResultQuery
  /** The only one whose results are shown. */
  agent: string | undefined
  onAgent: (userId: string | undefined) => void
}

/** Scores by skill and by agent. */
export function ResultTotals({ accountId, query, agent, onAgent }: Props) {
  const { skillName } = useSkills(accountId)
  const { userName } = useUserNames(accountId)
  const nameOfAgent = (key: string) => (key === '' ? t.noAgent : userName(key))
  return (
    <>
      {agent !== undefined && (
        <p className="links">
          {t.agent}: <bdi>{nameOfAgent(agent)}</bdi>
          <Button onPress={() => onAgent(undefined)}>{operateWords.all}</Button>
        </p>
      )}
      <Totals accountId={accountId} query={query} by="skill" nameOf={skillName} />
      <Totals
        accountId={accountId}
        query={query}
        by="agent"
        nameOf={nameOfAgent}
        onOpen={(key) => onAgent(key)}
      />
    </>
  )
}

interface TotalsProps {
  accountId: string
  query: ResultQuery
  by: 'skill' | 'agent'
  nameOf: (key: string) => string
  onOpen?: (key: string) => void
}

function Totals({ accountId, query, by, nameOf, onOpen }: TotalsProps) {
  const totals = useQuery({
    queryKey: ['survey-results', accountId, by, query],
    queryFn: () => ask(accountId, getSurveyTotals, { query: { ...query, by } }),
    placeholderData: keepPreviousData,
  })
  const title = by === 'skill' ? t.bySkill : t.byAgent
  return (
    <>
      <h2>{title}</h2>
      <Loaded query={totals}>
        {({ totals: rows }) => (
          <PlainTable
            label={title}
            rows={rows}
            keyOf={({ key }: SurveyTotals) => key}
            columns={[
              {
                head: by === 'skill' ? t.skill : t.agent,
                cell: ({ key }) =>
                  onOpen && key !== '' ? (
                    <Button kind="quiet" onPress={() => onOpen(key)}>
                      {nameOf(key)}
                    </Button>
                  ) : (
                    <bdi>{nameOf(key)}</bdi>
                  ),
              },
              { head: t.sent, cell: ({ surveys }) => surveys },
              { head: t.answered, cell: ({ answered, surveys }) => t.rate(answered, surveys) },
              { head: t.completed, cell: ({ completed, surveys }) => t.rate(completed, surveys) },
              { head: t.csat, cell: ({ csat }) => t.average(csat.average) },
              { head: t.nps, cell: ({ nps }) => t.points(nps.score) },
              { head: t.fcr, cell: ({ fcr }) => t.percent(fcr.average) },
            ]}
          />
        )}
      </Loaded>
    </>
  )
}
