import {
  END,
  getSurvey,
  type Survey,
  type SurveyDefinition,
  type SurveyQuestion,
} from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { Preview } from './preview.tsx'
import { SURVEY_PATH } from './search.ts'
import { languagesOf, shortOf } from './texts.ts'
import { surveyWords as t } from './words.ts'

/** How the survey is and was, with a way to answer each, and to begin with it again. */
export function Revisions({ accountId, newest }: { accountId: string; newest: Survey }) {
  const mayWrite = useMay(accountId, 'account:write')
  const { revision = newest.revision } = useSearch({ from: SURVEY_PATH })
  const navigate = useNavigate({ from: SURVEY_PATH })
  const query = useQuery({
    queryKey: ['surveys', accountId, String(newest.surveyId), revision],
    queryFn: () =>
      ask(accountId, getSurvey, { params: { surveyId: newest.surveyId }, query: { revision } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const all = Array.from({ length: newest.revision }, (_, at) => newest.revision - at)
  return (
    <div className="bot-page">
      <div className="stack">
        <div className="filters">
          <Choice
            label={t.revision}
            value={String(revision)}
            options={all.map((id) => ({
              id: String(id),
              name: id === newest.revision ? `${t.revisionOf(id)} (${t.newest})` : t.revisionOf(id),
            }))}
            onChange={(id) =>
              void navigate({ search: (old) => ({ ...old, revision: Number(id) }), replace: true })
            }
          />
          {mayWrite && revision < newest.revision && (
            <Button onPress={() => void navigate({ search: { show: 'questions', revision } })}>
              {t.takeUp}
            </Button>
          )}
        </div>
        <Loaded query={query}>{({ definition }) => <Questions definition={definition} />}</Loaded>
      </div>
      {mayWrite && (
        <Preview
          key={revision}
          accountId={accountId}
          definition={query.data?.definition}
          languages={query.data ? languagesOf(query.data.definition) : []}
        />
      )}
    </div>
  )
}

function Questions({ definition }: { definition: SurveyDefinition }) {
  const { language, questions } = definition
  return (
    <PlainTable
      label={t.questions}
      rows={questions}
      keyOf={({ id }) => id}
      columns={[
        { head: t.id, cell: ({ id }) => <code>{id}</code> },
        { head: t.kind, cell: ({ kind }) => t.kinds[kind] },
        { head: t.text, cell: ({ text }) => <bdi>{shortOf(text, language)}</bdi> },
        {
          head: t.leads,
          cell: (question) => (
            <Ways question={question} isLast={question.id === questions.at(-1)?.id} />
          ),
        },
      ]}
    />
  )
}

interface WaysProps {
  question: SurveyQuestion
  isLast: boolean
}

function Ways({ question: { branches, goTo }, isLast }: WaysProps) {
  const place = (id: string) => (id === END ? t.end : id)
  return (
    <ul className="step-rules">
      {branches.map(({ answers, goTo: to }, at) => (
        <li key={at}>{t.answersOf(answers.join(', '), place(to))}</li>
      ))}
      <li>{goTo === undefined ? (isLast ? t.end : t.next) : place(goTo)}</li>
    </ul>
  )
}
