import { assignSurvey, listSurveys, type Survey } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { useNames } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { Checks } from '../ui/checks.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { surveyWords as t } from './words.ts'

/** Which conversations get the survey. A skill that has another one says so. */
export function SurveySkills({ accountId, survey }: { accountId: string; survey: Survey }) {
  const { skills } = useNames(accountId)
  const [skillIds, setSkills] = useState(survey.skillIds)
  useUnsaved(skillIds.toSorted().join() !== survey.skillIds.toSorted().join())
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
    mutationFn: () =>
      ask(accountId, assignSurvey, { params: { surveyId: survey.surveyId }, body: { skillIds } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['surveys', accountId] }),
  })
  function save(submitted: FormEvent): void {
    submitted.preventDefault()
    assign.mutate()
  }
  const problem = [...problemsOfError(assign.error).values()][0]
  return (
    <form className="form" onSubmit={save}>
      <div className="form-part">
        <Checks
          label={t.skills}
          hint={t.skillsHint}
          options={skills.map(({ skillId, name }) => {
            const other = taken.get(skillId)
            return { id: skillId, name: other === undefined ? name : t.skillOf(name, other) }
          })}
          value={skillIds}
          onChange={setSkills}
          none={t.noSkills}
          problem={problem}
        />
        {assign.error && <ErrorNotice error={assign.error} />}
        <p className="actions">
          <Button type="submit" isPending={assign.isPending}>
            {t.assign}
          </Button>
          <span role="status">{assign.isSuccess && t.assigned}</span>
        </p>
      </div>
    </form>
  )
}
