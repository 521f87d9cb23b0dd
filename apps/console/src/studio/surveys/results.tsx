import { exportSurveyRuns, getSurveyScores, type Survey } from '@parley/contract'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { save } from '../api/save.ts'
import { ask } from '../api/server.ts'
import { serverNow } from '../api/server-time.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SkillFilter } from '../ui/skill-filter.tsx'
import { ResultCharts } from './result-charts.tsx'
import { ResultTotals } from './result-totals.tsx'
import { RunsTable } from './runs-table.tsx'
import { RESULT_DAYS, SURVEY_PATH } from './search.ts'
import { surveyWords as t } from './words.ts'

const DAY_MS = 86_400_000

/** What was answered: over time, by skill and agent, and each answer. */
export function Results({ accountId, survey }: { accountId: string; survey: Survey }) {
  const { days = 30, skill, agent } = useSearch({ from: SURVEY_PATH })
  const navigate = useNavigate({ from: SURVEY_PATH })
  // One address leads to one time as long as the page is open.
  const [now] = useState(serverNow)
  const query = {
    surveyId: survey.surveyId,
    from: new Date(now - days * DAY_MS).toISOString(),
    skillId: skill,
    agentId: agent,
  }
  const scores = useQuery({
    queryKey: ['survey-results', accountId, 'scores', query],
    queryFn: () => ask(accountId, getSurveyScores, { query }),
    placeholderData: keepPreviousData,
  })
  const csv = useMutation({
    mutationFn: () =>
      save(
        accountId,
        exportSurveyRuns,
        { ...query, surveyId: String(query.surveyId) },
        `survey-${survey.surveyId}.csv`,
      ),
  })
  const change = (part: {
    days?: number
    skill?: string | undefined
    agent?: string | undefined
  }) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true })
  return (
    <>
      <div className="filters">
        <Choice
          label={t.time}
          value={String(days)}
          options={[...new Set([...RESULT_DAYS, days])].map((count) => ({
            id: String(count),
            name: t.days(count),
          }))}
          onChange={(id) => change({ days: Number(id) })}
        />
        <SkillFilter
          accountId={accountId}
          label={t.skill}
          value={skill}
          onChange={(id) => change({ skill: id })}
        />
        <Button isPending={csv.isPending} onPress={() => csv.mutate()}>
          {t.csv}
        </Button>
      </div>
      {csv.error && <ErrorNotice error={csv.error} />}
      <Loaded query={scores}>
        {({ days: found }) =>
          found.every(({ surveys }) => surveys === 0) ? (
            <p className="empty">{t.noResults}</p>
          ) : (
            <>
              <ResultCharts days={found} />
              <ResultTotals
                accountId={accountId}
                query={query}
                agent={agent}
                onAgent={(id) => change({ agent: id })}
              />
              <RunsTable accountId={accountId} query={query} />
            </>
          )
        }
      </Loaded>
    </>
  )
}
