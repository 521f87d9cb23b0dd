import type { FunctionSummary, Survey } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import { useFunctions, useSkills } from '../api/use-names.ts'
import { nameOfSkill } from '../functions/skill-options.ts'
import { useMay } from '../session/use-session.ts'
import { FunctionLink } from '../ui/function-link.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { StateChip } from '../ui/state-chip.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { surveyWords as t } from './words.ts'

const EVENTS = [
  { eventId: 'surveybot_messaging_survey_started', when: t.atStart },
  { eventId: 'surveybot_messaging_survey_ended', when: t.atEnd },
] as const

/** The functions that are told when a survey of these skills starts and when it ends, with the way to make one. */
export function SurveyFunctions({ accountId, survey }: { accountId: string; survey: Survey }) {
  const mayRead = useMay(accountId, 'function:read')
  const mayWrite = useMay(accountId, 'function:write')
  const mayReadRuns = useMay(accountId, 'record:read')
  const { isLoaded, functions, functionsQuery } = useFunctions(accountId)
  const { skillName } = useSkills(accountId)
  if (!mayRead) return null
  return (
    <section className="stack" aria-label={t.functions}>
      <h2>{t.functions}</h2>
      <p className="faint">{t.functionsHint}</p>
      <UnlessUnread query={functionsQuery}>{null}</UnlessUnread>
      <PlainTable
        label={t.functions}
        rows={EVENTS}
        keyOf={({ eventId }) => eventId}
        columns={[
          { head: t.when, cell: ({ when }) => when },
          {
            head: t.function,
            cell: ({ eventId }) => {
              const bound = functions.filter(
                (one) => one.eventId === eventId && isFor(one, survey.skillIds),
              )
              if (!isLoaded) return <span className="faint">…</span>
              if (bound.length === 0) return <span className="faint">{t.noFunction}</span>
              return bound.map(({ functionId, state, skills }) => (
                <span key={functionId} className="line">
                  <FunctionLink accountId={accountId} functionId={functionId} />{' '}
                  <StateChip state={state} />{' '}
                  {skills.length > 0 && (
                    <span className="faint">
                      {t.onlyFor(skills.map((id) => nameOfSkill(id, skillName)).join(', '))}
                    </span>
                  )}
                </span>
              ))
            },
          },
          {
            head: t.goOn,
            isHidden: !mayWrite && !mayReadRuns,
            cell: ({ eventId }) => (
              <span className="links">
                {mayWrite && (
                  <Link
                    to="/$accountId/functions/new"
                    params={{ accountId }}
                    search={{ event: eventId }}
                  >
                    {t.newFunction}
                  </Link>
                )}
                {mayReadRuns && (
                  <Link to="/$accountId/runs" params={{ accountId }} search={{ eventId }}>
                    {t.runs}
                  </Link>
                )}
              </span>
            ),
          },
        ]}
      />
    </section>
  )
}

/** A survey without skills starts nowhere yet: all functions of its events may be asked once it has some. */
function isFor({ skills }: FunctionSummary, surveySkills: readonly string[]): boolean {
  return (
    skills.length === 0 ||
    surveySkills.length === 0 ||
    skills.some((skillId) => surveySkills.includes(skillId))
  )
}
