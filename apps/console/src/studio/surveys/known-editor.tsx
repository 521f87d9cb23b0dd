import { changeSurvey, getSurvey, type Survey } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { SURVEY_PATH } from './search.ts'
import { SurveyEditor } from './survey-editor.tsx'
import { surveyWords as t } from './words.ts'

interface Props {
  accountId: string
  newest: Survey
}

/** The newest revision, or an older one to begin with again. */
export function KnownEditor({ accountId, newest }: Props) {
  const { revision = newest.revision, isNew } = useSearch({ from: SURVEY_PATH })
  const isOld = revision < newest.revision
  const params = { surveyId: newest.surveyId }
  const older = useQuery({
    queryKey: ['surveys', accountId, String(newest.surveyId), revision],
    queryFn: () => ask(accountId, getSurvey, { params, query: { revision } }),
    enabled: isOld,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (!isOld) return <Editor {...{ accountId, newest }} from={newest} isNew={isNew === true} />
  return (
    <Loaded query={older}>
      {(from) => <Editor key={revision} {...{ accountId, newest, from }} isNew={false} />}
    </Loaded>
  )
}

/** @param from what it begins with */
function Editor({ accountId, newest, from, isNew }: Props & { from: Survey; isNew: boolean }) {
  const [base, setBase] = useState(from)
  /** Rises when the editor begins anew. */
  const [shown, setShown] = useState(0)
  const [said, setSaid] = useState(isNew ? t.createdOf : '')
  const { surveyId } = newest
  const save = useMutation({
    mutationFn: (definition: Survey['definition']) =>
      ask(accountId, changeSurvey, { params: { surveyId }, body: definition }),
    onMutate() {
      setSaid('')
      return newest.revision
    },
    // The page may have read what was saved before it hears so.
    onSuccess(saved, _, before) {
      setSaid(saved.revision === before ? t.same : t.saved(saved.revision))
      setBase(saved)
      queries.setQueryData(['surveys', accountId, String(surveyId)], saved)
    },
  })
  const isFromBefore = from.revision < newest.revision && base === from
  const isChanged = !isFromBefore && base.revision < newest.revision && !save.isPending
  return (
    <>
      {isFromBefore && <p className="notice">{t.startsWith(from.revision)}</p>}
      {isChanged && (
        <p className="notice" role="status">
          {t.changedElsewhere(newest.revision)}{' '}
          <Button
            onPress={() => {
              setBase(newest)
              setShown(shown + 1)
            }}
          >
            {t.showTheirs}
          </Button>
        </p>
      )}
      <SurveyEditor
        key={shown}
        accountId={accountId}
        definition={base.definition}
        submit={t.save}
        said={said}
        error={save.error}
        isPending={save.isPending}
        onSave={(definition, done) => save.mutate(definition, { onSuccess: done })}
      />
    </>
  )
}
