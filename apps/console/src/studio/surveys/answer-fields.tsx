import { answerIds, type SurveyAnswerOption, type SurveyQuestion } from '@parley/contract'
import { Plus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Field } from '../ui/field.tsx'
import { SurveyTextField } from './text-field.tsx'
import { surveyWords as t } from './words.ts'

interface Props {
  question: SurveyQuestion
  languages: readonly string[]
  onChange: (part: Partial<SurveyQuestion>) => void
  problemOf: (path: string) => string | undefined
}

/** Most choices of a question. */
const MOST = 24

/** The choices of a question. Those of scales are given, and may have other texts. */
export function AnswerFields({ question, languages, onChange, problemOf }: Props) {
  const { kind, answers = [] } = question
  if (kind === 'free-text') return null
  const isScale = kind !== 'single-choice' && kind !== 'multiple-choice'
  const problem = problemOf('answers')
  const put = (at: number, part: Partial<SurveyAnswerOption>): void => {
    const before = answers[at]
    if (before) onChange({ answers: answers.with(at, { ...before, ...part }) })
  }
  // Branches follow, as long as the old id and the new one are of this choice alone.
  function rename(at: number, id: string): void {
    const before = answers[at]
    if (!before) return
    const isShared = answers.some((other, otherAt) => {
      return otherAt !== at && (other.id === before.id || other.id === id)
    })
    onChange({
      answers: answers.with(at, { ...before, id }),
      ...(!isShared && {
        branches: question.branches.map((branch) => ({
          ...branch,
          answers: branch.answers.map((one) => (one === before.id ? id : one)),
        })),
      }),
    })
  }
  return (
    <>
      {isScale && (
        <CheckBox
          label={t.ownTexts}
          isSelected={question.answers !== undefined}
          onChange={(isOn) =>
            onChange({
              answers: isOn ? answerIds(question).map((id) => ({ id, text: id })) : undefined,
            })
          }
        />
      )}
      {problem !== undefined && <p className="bad">{problem}</p>}
      {answers.map(({ id, text }, at) => (
        <div key={at} className={isScale ? 'answer scale' : 'answer'}>
          {isScale ? (
            <code>{answerIds(question)[at]}</code>
          ) : (
            <Field
              label={t.choiceId(at + 1)}
              value={id}
              onChange={(next) => rename(at, next)}
              maxLength={64}
              problem={problemOf(`answers.${at}.id`)}
            />
          )}
          <SurveyTextField
            label={t.choice(at + 1)}
            value={text}
            languages={languages}
            onChange={(next) => put(at, { text: next ?? '' })}
            problem={problemOf(`answers.${at}.text`)}
          />
          {!isScale && (
            <Button
              kind="quiet"
              aria-label={t.removeOf(t.choice(at + 1))}
              onPress={() => onChange({ answers: answers.toSpliced(at, 1) })}
            >
              {t.remove}
            </Button>
          )}
        </div>
      ))}
      {!isScale && answers.length < MOST && (
        <p>
          <Button onPress={() => onChange({ answers: [...answers, emptyAnswer(answers)] })}>
            <Plus aria-hidden size={16} />
            {t.addChoice}
          </Button>
        </p>
      )}
    </>
  )
}

/** A choice with an id that no other one has. */
export function emptyAnswer(answers: readonly SurveyAnswerOption[]): SurveyAnswerOption {
  let number = answers.length + 1
  while (answers.some(({ id }) => id === `a${number}`)) number++
  return { id: `a${number}`, text: '' }
}
