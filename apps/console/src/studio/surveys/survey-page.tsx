import { createSurvey, deleteSurvey, getSurvey, type Survey } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { useSentId } from '../api/use-sent-id.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { KnownEditor } from './known-editor.tsx'
import { Results } from './results.tsx'
import { Revisions } from './revisions.tsx'
import { SURVEY_PARTS, SURVEY_PATH } from './search.ts'
import { SurveyEditor } from './survey-editor.tsx'
import { SurveyFunctions } from './survey-functions.tsx'
import { SurveySkills } from './survey-skills.tsx'
import { surveyWords as t } from './words.ts'

/** A new survey. */
export function NewSurveyPage() {
  const { accountId } = useParams({ from: '/$accountId/surveys/new' })
  const mayWrite = useMay(accountId, 'account:write')
  const navigate = useNavigate()
  const idOf = useSentId()
  const create = useMutation({
    mutationFn: (definition: Survey['definition']) =>
      ask(accountId, createSurvey, { body: { ...definition, appInstallId: idOf(definition) } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['surveys', accountId] }),
  })
  // Given to `mutate`, it runs only while the page is there.
  const onSuccess = ({ surveyId }: Survey): void =>
    void navigate({
      to: '/$accountId/surveys/$surveyId',
      params: { accountId, surveyId: String(surveyId) },
      search: { isNew: true },
      ignoreBlocker: true,
    })
  return (
    <Page title={t.add}>
      {mayWrite ? (
        <SurveyEditor
          accountId={accountId}
          definition={undefined}
          submit={t.create}
          said=""
          error={create.error}
          isPending={create.isPending || create.isSuccess}
          onSave={(definition) => create.mutate(definition, { onSuccess })}
        />
      ) : (
        <Empty text={t.mayNot} />
      )}
    </Page>
  )
}

/** One survey: what it asks, what was answered, and how it was before. */
export function SurveyPage() {
  const { accountId, surveyId } = useParams({ from: SURVEY_PATH })
  const { show = 'questions' } = useSearch({ from: SURVEY_PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const mayReadAnswers = useMay(accountId, 'conversation:read')
  const navigate = useNavigate({ from: SURVEY_PATH })
  const [isLeaving, setLeaving] = useState(false)
  const params = { surveyId }
  const query = useQuery({
    queryKey: ['surveys', accountId, surveyId],
    queryFn: () => ask(accountId, getSurvey, { params }),
  })
  const name = query.data?.name ?? t.title
  const parts = SURVEY_PARTS.filter((id) => id !== 'results' || mayReadAnswers)
  return (
    <Page
      title={name}
      actions={
        mayWrite &&
        query.data && (
          <Button kind="quiet" onPress={() => setLeaving(true)}>
            {t.delete}
          </Button>
        )
      }
    >
      <Tabs
        label={t.part}
        tabs={parts.map((id) => ({ id, name: t.parts[id] }))}
        value={show}
        onChange={(id) => void navigate({ search: { show: id }, replace: true })}
      />
      <Loaded query={query}>
        {(survey) => (
          <>
            {show === 'questions' && mayWrite && (
              <SurveySkills key={survey.surveyId} accountId={accountId} survey={survey} />
            )}
            {show === 'questions' && <SurveyFunctions accountId={accountId} survey={survey} />}
            {show === 'questions' && mayWrite && (
              <KnownEditor accountId={accountId} newest={survey} />
            )}
            {(show === 'revisions' || (show === 'questions' && !mayWrite)) && (
              <Revisions accountId={accountId} newest={survey} />
            )}
            {show === 'results' && <Results accountId={accountId} survey={survey} />}
          </>
        )}
      </Loaded>
      {isLeaving && (
        <RemoveDialog
          title={t.deleteTitle(name)}
          remove={() => ask(accountId, deleteSurvey, { params })}
          onClose={(isGone) => {
            setLeaving(false)
            if (!isGone) return
            void navigate({ to: '/$accountId/surveys', params: { accountId }, ignoreBlocker: true })
          }}
        >
          <p>{t.deleteText}</p>
        </RemoveDialog>
      )}
    </Page>
  )
}
