import { listSurveyRuns, type SurveyAnswer, type SurveyRun } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { Listed } from '../ui/listed.tsx'
import { Instant } from '../ui/time.tsx'
import type { ResultQuery } from './result-totals.tsx'
import { surveyWords as t } from './words.ts'

const PAGE = 50

/** Each survey with its answers, the newest first. */
export function RunsTable({ accountId, query }: { accountId: string; query: ResultQuery }) {
  const { skillName } = useSkills(accountId)
  const { userName } = useUserNames(accountId)
  const runs = useInfiniteQuery({
    queryKey: ['survey-results', accountId, 'runs', query],
    queryFn: ({ pageParam }) =>
      ask(accountId, listSurveyRuns, { query: { ...query, limit: PAGE, after: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })
  return (
    <>
      <h2>{t.answers}</h2>
      <Listed
        label={t.answers}
        query={runs}
        rowsOf={({ pages }) => pages.flatMap((page) => page.runs)}
        keyOf={({ dialogId }: SurveyRun) => dialogId}
        empty={<p className="faint">{t.noResults}</p>}
        columns={[
          {
            head: t.started,
            cell: ({ startedAt }) => <Instant at={new Date(startedAt).toISOString()} />,
          },
          {
            head: t.conversation,
            cell: ({ conversationId }) => (
              <Link
                to="/$accountId/conversations/$conversationId"
                params={{ accountId, conversationId }}
              >
                {conversationId.slice(0, 8)}
              </Link>
            ),
          },
          { head: t.skill, cell: ({ skillId }) => skillName(skillId) },
          { head: t.agent, cell: ({ agent }) => agent && userName(agent.userId) },
          {
            head: t.outcome,
            cell: ({ outcome }) => (outcome === undefined ? t.underWay : t.outcomes[outcome]),
          },
          {
            head: t.answers,
            className: 'survey-answers',
            cell: ({ answers }) => (
              <ul className="step-rules">
                {answers.map((answer) => (
                  <li key={answer.questionId}>
                    <code>{answer.questionId}</code> <bdi>{wordsOf(answer)}</bdi>
                  </li>
                ))}
              </ul>
            ),
          },
          { head: t.revision, cell: ({ revision }) => revision },
        ]}
      />
    </>
  )
}

/** As the consumer wrote or chose it. */
function wordsOf({ skipped, text, answerIds }: SurveyAnswer): string {
  if (skipped) return t.skipped
  return text === '' ? answerIds.join(', ') : text
}
