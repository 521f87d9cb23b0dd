import {
  getSurveyTotals,
  listSurveys,
  SURVEY_SCORE_DAYS,
  type SurveySummary,
} from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { CircleCheck, CircleDashed, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listed } from '../ui/listed.tsx'
import { Page } from '../ui/page.tsx'
import { Ago } from '../ui/time.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { surveyWords as t } from './words.ts'

/** All surveys with their skills, and how many consumers answer. */
export function SurveysPage() {
  const { accountId } = useParams({ from: '/$accountId/surveys' })
  const mayWrite = useMay(accountId, 'account:write')
  const mayReadAnswers = useMay(accountId, 'conversation:read')
  const { skillName } = useSkills(accountId)
  const navigate = useNavigate()
  const query = useQuery({
    queryKey: ['surveys', accountId],
    queryFn: () => ask(accountId, listSurveys),
  })
  const totals = useQuery({
    queryKey: ['survey-results', accountId, 'all'],
    queryFn: () => ask(accountId, getSurveyTotals, { query: { by: 'survey' } }),
    enabled: mayReadAnswers,
  })
  const figures = new Map(totals.data?.totals.map((one) => [one.key, one]))
  const of = ({ surveyId }: SurveySummary) => figures.get(String(surveyId))
  /** What cannot be read is not said to be zero. */
  const read = (text: ReactNode): ReactNode => (totals.data ? text : '…')
  const create = (
    <Button
      kind="primary"
      onPress={() => void navigate({ to: '/$accountId/surveys/new', params: { accountId } })}
    >
      <Plus aria-hidden size={16} />
      {t.add}
    </Button>
  )
  return (
    <Page title={t.title} actions={mayWrite && create}>
      <p className="faint">
        {t.hint} {mayReadAnswers && t.lately(SURVEY_SCORE_DAYS)}
      </p>
      <UnlessUnread query={totals}>{null}</UnlessUnread>
      <Listed
        label={t.title}
        query={query}
        rowsOf={({ surveys }) => surveys}
        keyOf={({ surveyId }: SurveySummary) => String(surveyId)}
        empty={<Empty text={t.none} />}
        columns={[
          {
            head: t.name,
            cell: ({ surveyId, name }) => (
              <Link
                to="/$accountId/surveys/$surveyId"
                params={{ accountId, surveyId: String(surveyId) }}
              >
                <bdi>{name}</bdi>
              </Link>
            ),
          },
          {
            head: t.state,
            cell: ({ skillIds }) =>
              skillIds.length > 0 ? (
                <span className="chip good">
                  <CircleCheck aria-hidden size={14} />
                  {t.active}
                </span>
              ) : (
                <span className="chip quiet">
                  <CircleDashed aria-hidden size={14} />
                  {t.inactive}
                </span>
              ),
          },
          {
            head: t.skills,
            cell: ({ skillIds }) => skillIds.map(skillName).join(', ') || t.noSkills,
          },
          { head: t.revision, cell: ({ revision }) => revision },
          { head: t.sent, isHidden: !mayReadAnswers, cell: (one) => read(of(one)?.surveys ?? 0) },
          {
            head: t.answered,
            isHidden: !mayReadAnswers,
            cell: (one) => read(t.rate(of(one)?.answered ?? 0, of(one)?.surveys ?? 0)),
          },
          {
            head: t.csat,
            isHidden: !mayReadAnswers,
            cell: (one) => read(t.average(of(one)?.csat.average)),
          },
          { head: t.changed, cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
        ]}
      />
    </Page>
  )
}
