import { useState } from 'preact/hooks'
import { LongText } from './long-text.tsx'
import { Submit } from './submit.tsx'
import { words } from '../words/index.ts'
import type { SurveyForm, SurveyQuestion } from './state.ts'

export interface SurveyProps {
  form: SurveyForm
  isSubmitting: boolean
  onSubmit: (survey: { csatRank?: number; answers: object[] }) => void
}

const RANKS = [1, 2, 3, 4, 5]

export function Survey({ form, isSubmitting, onSubmit }: SurveyProps) {
  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }): void {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const answers = form.questions.flatMap(({ questionId, kind }) => {
      const chosen = given.getAll(questionId).filter((value) => typeof value === 'string' && value)
      if (chosen.length === 0) return []
      return [{ questionId, answer: kind === 'multiple' ? chosen : chosen[0] }]
    })
    const rank = given.get('csat')
    onSubmit({ ...(rank !== null && { csatRank: Number(rank) }), answers })
  }

  return (
    <form class="survey" onSubmit={submit}>
      <fieldset>
        <legend>{form.csatQuestion}</legend>
        <div class="horizontal">
          {RANKS.map((rank) => (
            <label key={rank} class="choice">
              <input type="radio" name="csat" value={rank} required={form.csatRequired} /> {rank}
            </label>
          ))}
        </div>
      </fieldset>
      {form.questions.map((question) => (
        <Question key={question.questionId} question={question} />
      ))}
      <Submit label={words.submitSurvey} isBusy={isSubmitting} />
    </form>
  )
}

function Question({ question }: { question: SurveyQuestion }) {
  const { kind, questionId, text, required, options = [] } = question
  const [isAnswered, setAnswered] = useState(false)
  if (kind === 'text') {
    return (
      <label>
        {text}
        <LongText name={questionId} required={required} rows={2} maxCharacters={4_000} />
      </label>
    )
  }
  const isSingle = kind === 'single'
  // A browser knows of no group of boxes one of which is needed: the first one says so.
  const problem = required && !isSingle && !isAnswered ? words.chooseOne : ''
  return (
    <fieldset
      onChange={({ currentTarget }) =>
        setAnswered(currentTarget.querySelector(':checked') !== null)
      }
    >
      <legend>{text}</legend>
      {options.map((option, at) => (
        <label key={option} class="choice">
          <input
            type={isSingle ? 'radio' : 'checkbox'}
            name={questionId}
            value={option}
            required={isSingle && required}
            ref={(box) => box?.setCustomValidity(at === 0 ? problem : '')}
          />{' '}
          {option}
        </label>
      ))}
    </fieldset>
  )
}
