import { assignSurvey, getSurvey, listSurveys, type Survey } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../api/queries.ts'
import { listOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { Checks } from '../ui/checks.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { surveyWords as t } from './words.ts'

/** Which conversations get the survey. A skill that has another one says so. */
export function SurveySkills({ accountId, survey }: { accountId: string; survey: Survey }) {
  const { skills, skillsQuery } = useSkills(accountId)
  /** What was chosen and is not saved yet, and what it began with. */
  const [chosen, setChosen] = useState<{ skillIds: string[]; before: string[] }>()
  const { skillIds, before } = chosen ?? { skillIds: survey.skillIds, before: survey.skillIds }
  const isChanged = skillIds.toSorted().join() !== before.toSorted().join()
  useUnsaved(isChanged)
  const { data } = useQuery({
    queryKey: ['surveys', accountId],
    queryFn: () => ask(accountId, listSurveys),
  })
  const taken = new Map(
    (data?.surveys ?? [])
      .filter(({ surveyId }) => surveyId !== survey.surveyId)
      .flatMap(({ name, skillIds: ids }) => ids.map((id) => [id, name] as const)),
  )
  const assign = useMutation({
    mutationFn: async () => {
      const params = { surveyId: survey.surveyId }
      const newest = await ask(accountId, getSurvey, { params })
      const body = { skillIds: listOver(skillIds, before, newest.skillIds, (id) => id) }
      return await ask(accountId, assignSurvey, { params, body })
    },
    onMutate: () => chosen,
    onSuccess: async (_, __, sent) => {
      await queries.invalidateQueries({ queryKey: ['surveys', accountId] })
      // What was chosen while it was saved is not saved.
      setChosen((now) =>
        now === sent || !now || !sent ? undefined : { ...now, before: sent.skillIds },
      )
    },
  })
  function save(submitted: FormEvent): void {
    submitted.preventDefault()
    assign.mutate()
  }
  const problem = [...problemsOfError(assign.error).values()][0]
  return (
    <form className="form" onSubmit={save}>
      <div className="form-part">
        <UnlessUnread query={skillsQuery}>
          <Checks
            label={t.skills}
            hint={t.skillsHint}
            options={skills.map(({ skillId, name }) => {
              const other = taken.get(skillId)
              return { id: skillId, name: other === undefined ? name : t.skillOf(name, other) }
            })}
            value={skillIds}
            onChange={(next) => setChosen({ skillIds: next, before })}
            none={t.noSkills}
            problem={problem}
          />
        </UnlessUnread>
        {assign.error && <ErrorNotice error={assign.error} />}
        <p className="actions">
          <Button type="submit" isPending={assign.isPending}>
            {t.assign}
          </Button>
          <span role="status">{assign.isSuccess && !isChanged && t.assigned}</span>
        </p>
      </div>
    </form>
  )
}
