import type { ChatSurveyForm, ChatSurveyQuestion } from '@parley/contract'
import { useState } from 'react'
import { isSame } from '../api/changed.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { operateWords } from '../words/operate.ts'
import { mailWords as t } from './words.ts'

interface Props {
  /** Undefined where nothing is asked. */
  value: ChatSurveyForm | undefined
  isDisabled: boolean
  onChange: (form: ChatSurveyForm | undefined) => void
}

const KINDS = ['single', 'multiple', 'text'] as const
const FIRST: ChatSurveyForm = {
  csatQuestion: t.firstQuestion,
  csatRequired: true,
  questions: [],
}

/** What consumers are asked when a chat has ended. */
export function ChatSurveyFields({ value, isDisabled, onChange }: Props) {
  const questions = value?.questions ?? []
  function change(index: number, question: ChatSurveyQuestion): void {
    if (!value) return
    onChange({ ...value, questions: questions.map((one, at) => (at === index ? question : one)) })
  }
  return (
    <fieldset className="stack bare" disabled={isDisabled}>
      <legend>{t.survey}</legend>
      <CheckBox
        label={t.surveyOn}
        isSelected={value !== undefined}
        isDisabled={isDisabled}
        onChange={(is) => onChange(is ? FIRST : undefined)}
      />
      {value && (
        <>
          <Field
            label={t.csatQuestion}
            value={value.csatQuestion}
            maxLength={500}
            isDisabled={isDisabled}
            onChange={(csatQuestion) => onChange({ ...value, csatQuestion })}
          />
          <CheckBox
            label={t.csatRequired}
            isSelected={value.csatRequired}
            isDisabled={isDisabled}
            onChange={(csatRequired) => onChange({ ...value, csatRequired })}
          />
          {questions.map((question, index) => (
            <Question
              key={question.questionId}
              number={index + 1}
              question={question}
              isDisabled={isDisabled}
              onChange={(next) => change(index, next)}
              onRemove={() =>
                onChange({ ...value, questions: questions.filter((one) => one !== question) })
              }
            />
          ))}
          {!isDisabled && (
            <div className="actions">
              <Button
                onPress={() =>
                  onChange({ ...value, questions: [...questions, newQuestion(questions)] })
                }
              >
                {t.addQuestion}
              </Button>
            </div>
          )}
        </>
      )}
    </fieldset>
  )
}

function newQuestion(questions: readonly ChatSurveyQuestion[]): ChatSurveyQuestion {
  const taken = new Set(questions.map(({ questionId }) => questionId))
  let number = questions.length + 1
  while (taken.has(`question-${number}`)) number++
  return { kind: 'text', questionId: `question-${number}`, text: '', required: false }
}

interface QuestionProps {
  number: number
  question: ChatSurveyQuestion
  isDisabled: boolean
  onChange: (question: ChatSurveyQuestion) => void
  onRemove: () => void
}

function Question({ number, question, isDisabled, onChange, onRemove }: QuestionProps) {
  const { questionId, text, required } = question
  const options = question.kind === 'text' ? [] : question.options
  /** With its empty lines, which are no options. */
  const [typed, setTyped] = useState('')
  function ofKind(id: string): void {
    const kind = KINDS.find((known) => known === id) ?? 'text'
    const common = { questionId, text, required }
    onChange(
      kind === 'text'
        ? { kind, ...common }
        : { kind, ...common, options: options.length > 0 ? options : [t.firstOption] },
    )
  }
  return (
    <fieldset className="question">
      <legend>{t.question(number)}</legend>
      <Field
        label={t.questionText}
        value={text}
        maxLength={500}
        isDisabled={isDisabled}
        onChange={(now) => onChange({ ...question, text: now })}
      />
      <Choice
        label={t.kind}
        value={question.kind}
        options={KINDS.map((id) => ({ id, name: t.kinds[id] }))}
        onChange={ofKind}
      />
      {question.kind !== 'text' && (
        <Field
          label={t.options}
          hint={t.optionsHint}
          value={isSame(optionsIn(typed), options) ? typed : options.join('\n')}
          lines={Math.max(3, options.length)}
          isDisabled={isDisabled}
          onChange={(now) => {
            setTyped(now)
            onChange({ ...question, options: optionsIn(now) })
          }}
        />
      )}
      <div className="actions">
        <CheckBox
          label={t.required}
          isSelected={required}
          isDisabled={isDisabled}
          onChange={(is) => onChange({ ...question, required: is })}
        />
        {!isDisabled && (
          <Button
            kind="quiet"
            aria-label={`${operateWords.delete} ${t.question(number)}`}
            onPress={onRemove}
          >
            {operateWords.delete}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function optionsIn(typed: string): string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
