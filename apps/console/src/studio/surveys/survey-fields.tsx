import type { SurveyDefinition, SurveyQuestion } from '@parley/contract'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import type { Problems } from '../ui/problems.ts'
import { QuestionFields } from './question-fields.tsx'
import { SurveyTextField } from './text-field.tsx'
import { surveyWords as t } from './words.ts'

interface Props {
  definition: SurveyDefinition
  /** Besides the survey's own; some of them may have no text yet. */
  others: readonly string[]
  onChange: (definition: SurveyDefinition) => void
  onOthers: (languages: string[]) => void
  problems: Problems
}

const TEXTS = {
  greeting: t.greeting,
  thankYou: t.thankYou,
  fallback: t.fallback,
  expiredText: t.expiredText,
}
const LISTS = ['numbers', 'letters', 'none'] as const
/** With more questions each one shows its first line only. */
const MAX_OPEN = 3

/** What a survey says and asks, with each problem at its field. */
export function SurveyFields({ definition, others, onChange, onOthers, problems }: Props) {
  const [typed, setTyped] = useState(others.join(', '))
  const { questions } = definition
  const languages = [definition.language, ...others]
  const change = (part: Partial<SurveyDefinition>): void => onChange({ ...definition, ...part })
  const problemOf = (path: string): string | undefined => problems.get(path)
  return (
    <div className="form">
      <fieldset className="form-part">
        <legend>{t.general}</legend>
        <Field
          label={t.name}
          value={definition.name}
          onChange={(name) => change({ name })}
          maxLength={200}
          problem={problemOf('name')}
        />
        <div className="form-row">
          <Field
            label={t.language}
            hint={t.languageHint}
            value={definition.language}
            onChange={(language) => change({ language: language.trim() })}
            problem={problemOf('language')}
          />
          <Field
            label={t.otherLanguages}
            hint={t.otherLanguagesHint}
            value={typed}
            onChange={(text) => {
              setTyped(text)
              const named = text.split(',').map((one) => one.trim())
              onOthers(
                [...new Set(named)].filter((one) => one !== '' && one !== definition.language),
              )
            }}
          />
        </div>
      </fieldset>
      <fieldset className="form-part">
        <legend>{t.texts}</legend>
        {(Object.keys(TEXTS) as (keyof typeof TEXTS)[]).map((name) => (
          <SurveyTextField
            key={name}
            label={TEXTS[name]}
            value={definition[name]}
            languages={languages}
            lines={2}
            onChange={(text) =>
              onChange({ ...definition, [name]: text ?? (name === 'fallback' ? '' : undefined) })
            }
            problem={problemOf(name)}
          />
        ))}
      </fieldset>
      <fieldset className="form-part">
        <legend>{t.questions}</legend>
        <Questions
          questions={questions}
          languages={languages}
          onChange={(next) => change({ questions: next })}
          problems={problems}
        />
      </fieldset>
      <fieldset className="form-part">
        <legend>{t.rules}</legend>
        <div className="form-row">
          <Amount
            label={t.fallbackLimit}
            value={definition.fallbackLimit}
            onChange={(fallbackLimit) => change({ fallbackLimit })}
            problem={problemOf('fallbackLimit')}
          />
          <Amount
            label={t.expires}
            value={definition.expiresAfterMinutes}
            onChange={(expiresAfterMinutes) => change({ expiresAfterMinutes })}
            problem={problemOf('expiresAfterMinutes')}
          />
          <Choice
            label={t.listStyle}
            value={definition.listStyle}
            options={LISTS.map((id) => ({ id, name: t.listStyles[id] }))}
            onChange={(id) => change({ listStyle: LISTS.find((one) => one === id) ?? 'numbers' })}
          />
        </div>
        <CheckBox
          label={t.afterFunctionClose}
          isSelected={definition.afterFunctionClose}
          onChange={(afterFunctionClose) => change({ afterFunctionClose })}
        />
        <CheckBox
          label={t.afterAutoClose}
          isSelected={definition.afterAutoClose}
          onChange={(afterAutoClose) => change({ afterAutoClose })}
        />
      </fieldset>
    </div>
  )
}

interface QuestionsProps {
  questions: readonly SurveyQuestion[]
  languages: readonly string[]
  onChange: (questions: SurveyQuestion[]) => void
  problems: Problems
}

function Questions({ questions, languages, onChange, problems }: QuestionsProps) {
  // Each keeps its fields when others are moved.
  const [keys, setKeys] = useState(() => questions.map((_, at) => at))
  const [added, setAdded] = useState<number>()
  const arePresent = questions.length === keys.length
  const shown = arePresent ? keys : questions.map((_, at) => at)
  function change(next: SurveyQuestion[], nextKeys: number[]): void {
    setKeys(nextKeys)
    onChange(next)
  }
  function move(at: number, by: -1 | 1): void {
    const [one, other] = [questions[at], questions[at + by]]
    const [key, otherKey] = [shown[at], shown[at + by]]
    if (!one || !other || key === undefined || otherKey === undefined) return
    change(
      questions.with(at, other).with(at + by, one),
      shown.with(at, otherKey).with(at + by, key),
    )
  }
  return (
    <>
      {problems.get('questions') !== undefined && (
        <p className="bad">{problems.get('questions')}</p>
      )}
      {questions.map((question, at) => {
        const path = `questions.${at}`
        return (
          <QuestionFields
            key={shown[at]}
            question={question}
            number={at + 1}
            later={questions.slice(at + 1)}
            languages={languages}
            isFirst={at === 0}
            isLast={at === questions.length - 1}
            isOpen={questions.length <= MAX_OPEN || shown[at] === added}
            onChange={(next) => onChange(questions.with(at, next))}
            onMove={(by) => move(at, by)}
            onRemove={() => change(questions.toSpliced(at, 1), shown.toSpliced(at, 1))}
            problemOf={(place) => problems.get(`${path}.${place}`)}
            hasProblem={[...problems.keys()].some((place) => place.startsWith(`${path}.`))}
          />
        )
      })}
      <p>
        <Button
          onPress={() => {
            const key = Math.max(-1, ...shown) + 1
            setAdded(key)
            change([...questions, newQuestion(questions)], [...shown, key])
          }}
        >
          <Plus aria-hidden size={16} />
          {t.addQuestion}
        </Button>
      </p>
    </>
  )
}

function newQuestion(questions: readonly SurveyQuestion[]): SurveyQuestion {
  let number = questions.length + 1
  while (questions.some(({ id }) => id === `q${number}`)) number++
  const skipWords = questions.at(-1)?.skipWords ?? [t.first.skip]
  const common = { text: '', optional: false, skipWords, branches: [] }
  return { id: `q${number}`, kind: 'free-text', ...common }
}
