import { answerIds, END, type SurveyQuestion } from '@parley/contract'
import { Plus } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Checks } from '../ui/checks.tsx'
import { Choice, type Option } from '../ui/choice.tsx'
import { shortOf } from './texts.ts'
import { surveyWords as t } from './words.ts'

interface Props {
  question: SurveyQuestion
  /** Where it may lead. */
  later: readonly SurveyQuestion[]
  /** The language of the survey. */
  own: string
  onChange: (part: Partial<SurveyQuestion>) => void
  problemOf: (path: string) => string | undefined
}

const NEXT = ''

/** Where answers lead: forward only, or to the end. */
export function BranchFields({ question, later, own, onChange, problemOf }: Props) {
  const { branches, goTo = NEXT, answers } = question
  const ids = answerIds(question)
  const places: Option[] = [
    ...later.map(({ id, text }) => ({ id, name: id, description: shortOf(text, own) })),
    { id: END, name: t.end },
  ]
  // One that is not there any more stays until another one is chosen.
  const withUnknown = (id: string) =>
    id === NEXT || places.some((place) => place.id === id) ? places : [...places, { id, name: id }]
  // After the last question there is the end anyhow.
  const isLast = later.length === 0
  const others = withUnknown(goTo).filter(({ id }) => !isLast || id !== END || goTo === END)
  // Of two choices that have one id, for as long as it is typed, the first is meant.
  const options = ids
    .map((id, at) => ({ id, name: shortOf(answers?.[at]?.text, own) || id }))
    .filter(({ id }, at) => ids.indexOf(id) === at)
  return (
    <>
      {branches.map((branch, at) => (
        <div key={at} className="branch">
          <Checks
            label={t.branch(at + 1)}
            options={options}
            value={branch.answers}
            onChange={(chosen) =>
              onChange({ branches: branches.with(at, { ...branch, answers: chosen }) })
            }
            problem={
              problemOf(`branches.${at}.answers`) ??
              branch.answers
                .map((_, answerAt) => problemOf(`branches.${at}.answers.${answerAt}`))
                .find((problem) => problem !== undefined)
            }
          />
          <Choice
            label={t.goesTo}
            value={branch.goTo}
            options={withUnknown(branch.goTo)}
            onChange={(id) => onChange({ branches: branches.with(at, { ...branch, goTo: id }) })}
            problem={problemOf(`branches.${at}.goTo`)}
          />
          <Button
            kind="quiet"
            aria-label={t.removeOf(t.branch(at + 1))}
            onPress={() => onChange({ branches: branches.toSpliced(at, 1) })}
          >
            {t.remove}
          </Button>
        </div>
      ))}
      <div className="form-row">
        <Choice
          label={t.otherwise}
          value={goTo}
          options={[{ id: NEXT, name: isLast ? t.end : t.next }, ...others]}
          onChange={(id) => onChange({ goTo: id === NEXT ? undefined : id })}
          problem={problemOf('goTo')}
        />
      </div>
      {ids.length > 0 && (
        <p>
          <Button onPress={() => onChange({ branches: [...branches, { answers: [], goTo: END }] })}>
            <Plus aria-hidden size={16} />
            {t.addBranch}
          </Button>
        </p>
      )}
    </>
  )
}
