import { SET_UP_STEPS, type SetUpStep } from '@parley/contract'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Circle, CircleCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useMay } from '../session/use-session.ts'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { homeWords } from '../words/home.ts'
import { WELCOME_PATH } from './search.ts'
import { useSetUp } from './use-set-up.ts'
import { HoursStep, NameStep, PasswordStep, SkillsStep, type StepProps } from './welcome-steps.tsx'
import { welcomeWords as t } from './welcome-words.ts'

const STEPS: Record<SetUpStep, (props: StepProps) => ReactNode> = {
  password: PasswordStep,
  name: NameStep,
  skills: SkillsStep,
  hours: HoursStep,
}

/** What the first administrator of an account is led through; where it was left, it goes on. */
export function WelcomePage() {
  const { accountId } = useParams({ from: WELCOME_PATH })
  const search = useSearch({ from: WELCOME_PATH })
  const navigate = useNavigate({ from: WELCOME_PATH })
  const mayWrite = useMay(accountId, 'account:write')
  const [said, setSaid] = useState('')
  const setUp = useSetUp(accountId)
  const { done, query, save } = setUp
  const step = SET_UP_STEPS.find((one) => one === search.step) ?? setUp.next
  function goOn(from: SetUpStep, isDone: boolean): void {
    const kept = isDone ? setUp.with(from) : done
    if (isDone) save.mutate({ setUpDone: kept })
    const after = SET_UP_STEPS.slice(SET_UP_STEPS.indexOf(from) + 1)
    const next = [...after, ...SET_UP_STEPS].find((one) => one !== from && !kept.includes(one))
    void navigate({ search: { step: next } })
  }
  if (!mayWrite) {
    return (
      <Page title={t.title}>
        <p className="empty">{homeWords.noRight}</p>
      </Page>
    )
  }
  const Step = step && STEPS[step]
  return (
    <Page title={t.title}>
      <p className="faint">{t.intro}</p>
      <p role="status">{said}</p>
      <Loaded query={query}>
        {(settings) => (
          <div className="welcome">
            <nav aria-label={t.title}>
              <ol className="bare-list welcome-steps">
                {SET_UP_STEPS.map((one) => {
                  const isDone = done.includes(one)
                  const Icon = isDone ? CircleCheck : Circle
                  return (
                    <li key={one}>
                      <Link
                        to={WELCOME_PATH}
                        params={{ accountId }}
                        search={{ step: one }}
                        aria-current={one === step ? 'step' : undefined}
                      >
                        <Icon
                          role="img"
                          aria-label={isDone ? t.done : t.open}
                          size={18}
                          className={isDone ? 'good' : 'faint'}
                        />
                        {t.steps[one]}
                      </Link>
                    </li>
                  )
                })}
              </ol>
              <p className="faint">{t.progress(done.length, SET_UP_STEPS.length)}</p>
            </nav>
            <section className="stack welcome-step" aria-labelledby="step">
              {step && Step ? (
                <>
                  <h2 id="step">{t.steps[step]}</h2>
                  <p className="faint">{t.hints[step]}</p>
                  <Step
                    key={step}
                    accountId={accountId}
                    settings={settings}
                    onSave={(part) => save.mutateAsync(part)}
                    onSaid={setSaid}
                    onNext={(isDone) => goOn(step, isDone)}
                  />
                </>
              ) : (
                <>
                  <h2 id="step">{t.finished}</h2>
                  <p>{t.finishedText}</p>
                  <p className="links">
                    <Link
                      className="button primary"
                      to="/$accountId/home"
                      params={{ accountId }}
                      search={{ guide: true }}
                    >
                      {t.guide}
                    </Link>
                    <Link className="button" to="/$accountId/users" params={{ accountId }}>
                      {t.colleagues}
                    </Link>
                  </p>
                </>
              )}
            </section>
          </div>
        )}
      </Loaded>
    </Page>
  )
}
