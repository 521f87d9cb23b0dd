import { type SurveyDefinition, SurveyDraft } from '@parley/contract'
import { type FormEvent, useState } from 'react'
import { isSame } from '../api/changed.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { NO_PROBLEMS, problemsOf, problemsOfError } from '../ui/problems.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { language } from '../words/index.ts'
import { Preview } from './preview.tsx'
import { SurveyFields } from './survey-fields.tsx'
import { languagesOf, withoutLanguages } from './texts.ts'
import { surveyWords as t } from './words.ts'

interface Props {
  accountId: string
  /** What it begins with; absent for a new survey. */
  definition: SurveyDefinition | undefined
  /** The word on the button that saves. */
  submit: string
  /** What was done before. */
  said: string
  error: unknown
  isPending: boolean
  /** @param done called when it is saved */
  onSave: (definition: SurveyDefinition, done: () => void) => void
}

/** What a new survey asks until somebody writes something else. */
const FIRST: SurveyDefinition = {
  name: '',
  language,
  questions: [
    {
      id: 'csat',
      kind: 'CSAT',
      text: t.first.question,
      optional: false,
      skipWords: [t.first.skip],
      branches: [],
    },
  ],
  fallback: t.first.fallback,
  fallbackLimit: 3,
  expiresAfterMinutes: 60,
  afterFunctionClose: true,
  afterAutoClose: false,
  listStyle: 'numbers',
}

/** A survey as it is written, beside it as it is answered. */
export function SurveyEditor(props: Props) {
  const { accountId, submit, said, error, isPending, onSave } = props
  const [written, setWritten] = useState(props.definition ?? FIRST)
  const [saved, setSaved] = useState(written)
  const [others, setOthers] = useState(() => languagesOf(written).slice(1))
  // The former language of the survey was not taken away by anybody.
  const spoken = [written.language, saved.language, ...others]
  // What was written in a language that is taken away comes back with it.
  const definition = withoutLanguages(
    written,
    languagesOf(written).filter((one) => !spoken.includes(one)),
  )
  const isChanged = !isSame(definition, saved)
  useUnsaved(isChanged)
  const [isTried, setTried] = useState(false)
  const own = problemsOf(SurveyDraft, definition)
  // Nobody is told that a field is empty before they have written anything.
  const told = isTried || written !== FIRST ? own : NO_PROBLEMS
  const problems = own.size > 0 ? told : problemsOfError(error)
  const named = definition.name.trim() === '' ? { ...definition, name: '-' } : definition
  function save(submitted: FormEvent): void {
    submitted.preventDefault()
    setTried(true)
    if (own.size === 0) onSave(definition, () => setSaved(definition))
  }
  return (
    <div className="bot-page">
      <form className="stack" onSubmit={save} noValidate>
        <SurveyFields
          definition={written}
          others={others}
          onChange={setWritten}
          onOthers={setOthers}
          problems={problems}
        />
        {error !== null && error !== undefined && <ErrorNotice error={error} />}
        <p className="actions">
          <Button type="submit" kind="primary" isPending={isPending}>
            {submit}
          </Button>
          <span role="status">{told.size > 0 ? t.fix(told.size) : !isChanged && said}</span>
        </p>
      </form>
      <Preview
        accountId={accountId}
        definition={[...own.keys()].every((path) => path === 'name') ? named : undefined}
        languages={[definition.language, ...others]}
      />
    </div>
  )
}
