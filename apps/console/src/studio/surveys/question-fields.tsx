import { QUESTION_KINDS, type SurveyQuestion } from '@parley/contract'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { AnswerFields, emptyAnswer } from './answer-fields.tsx'
import { BranchFields } from './branch-fields.tsx'
import { SurveyTextField } from './text-field.tsx'
import { shortOf } from './texts.ts'
import { surveyWords as t } from './words.ts'

interface Props {
  question: SurveyQuestion
  number: number
  later: readonly SurveyQuestion[]
  languages: readonly string[]
  isFirst: boolean
  isLast: boolean
  /** Whether all its fields are shown at first. */
  isOpen: boolean
  onChange: (question: SurveyQuestion) => void
  onMove: (by: -1 | 1) => void
  onRemove: () => void
  problemOf: (path: string) => string | undefined
  hasProblem: boolean
}

/** One question with its choices, and where they lead. */
export function QuestionFields(props: Props) {
  const { question, number, later, languages, isOpen, onChange, problemOf, hasProblem } = props
  const { id, kind, text, optional, skipWords } = question
  const [own = 'en'] = languages
  const name = t.question(number)
  const change = (part: Partial<SurveyQuestion>): void => onChange({ ...question, ...part })
  return (
    <details className="survey-question" open={isOpen}>
      <summary>
        <strong>{t.questionOf(number, id)}</strong>{' '}
        <bdi className="faint">{shortOf(text, own)}</bdi>{' '}
        {hasProblem && <span className="chip bad">{t.wrong}</span>}
      </summary>
      <div className="form" role="group" aria-label={name}>
        <div className="form-row">
          <Choice
            label={t.kind}
            value={kind}
            options={QUESTION_KINDS.map((one) => ({ id: one, name: t.kinds[one] }))}
            onChange={(next) => onChange(ofKind(question, next))}
            problem={problemOf('kind')}
          />
          <Field
            label={t.id}
            hint={t.idHint}
            value={id}
            onChange={(next) => change({ id: next })}
            maxLength={64}
            problem={problemOf('id')}
          />
        </div>
        <SurveyTextField
          label={t.text}
          value={text}
          languages={languages}
          lines={2}
          onChange={(next) => change({ text: next ?? '' })}
          problem={problemOf('text')}
        />
        <AnswerFields
          question={question}
          languages={languages}
          onChange={change}
          problemOf={problemOf}
        />
        <CheckBox
          label={t.optional}
          isSelected={optional}
          onChange={(isOn) => change({ optional: isOn })}
        />
        {optional && (
          <Field
            label={t.skipWords}
            hint={t.skipWordsHint}
            value={skipWords.join(', ')}
            onChange={(words) =>
              change({ skipWords: words.split(',').map((one) => one.trimStart()) })
            }
            problem={
              problemOf('skipWords') ??
              skipWords
                .map((_, at) => problemOf(`skipWords.${at}`))
                .find((problem) => problem !== undefined)
            }
          />
        )}
        <BranchFields
          question={question}
          later={later}
          own={own}
          onChange={change}
          problemOf={problemOf}
        />
        <p className="actions">
          <Button
            kind="quiet"
            aria-label={t.up(name)}
            isDisabled={props.isFirst}
            onPress={() => props.onMove(-1)}
          >
            <ArrowUp aria-hidden size={16} />
          </Button>
          <Button
            kind="quiet"
            aria-label={t.down(name)}
            isDisabled={props.isLast}
            onPress={() => props.onMove(1)}
          >
            <ArrowDown aria-hidden size={16} />
          </Button>
          <Button kind="quiet" aria-label={t.removeOf(name)} onPress={props.onRemove}>
            {t.remove}
          </Button>
        </p>
      </div>
    </details>
  )
}

/** Other kinds have other choices: what would not fit goes. */
function ofKind(question: SurveyQuestion, next: string): SurveyQuestion {
  const kind = QUESTION_KINDS.find((one) => one === next) ?? 'free-text'
  const isChoice = kind === 'single-choice' || kind === 'multiple-choice'
  const wasChoice = question.kind === 'single-choice' || question.kind === 'multiple-choice'
  if (isChoice && wasChoice) return { ...question, kind }
  const first = emptyAnswer([])
  const { answers: _, ...rest } = question
  return {
    ...rest,
    kind,
    branches: [],
    ...(isChoice && { answers: [first, emptyAnswer([first])] }),
  }
}
