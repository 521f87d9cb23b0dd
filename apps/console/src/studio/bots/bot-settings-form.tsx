import {
  type BuilderBot,
  BuilderBotChange,
  changeBuilderBot,
  getBuilderBot,
} from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changedOf, changedOver, isSame } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { Checks } from '../ui/checks.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Field } from '../ui/field.tsx'
import { Json } from '../ui/json.tsx'
import { parseJson } from '../ui/parse-json.ts'
import { Form } from '../ui/form.tsx'
import { NO_PROBLEMS, problemsOf, problemsOfError } from '../ui/problems.ts'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { EscalationFields } from './escalation-fields.tsx'
import { escalationSkill } from './escalation-skill.ts'
import { problemsOfMap, SkillMap } from './skill-map.tsx'
import { botWords as t } from './words.ts'

interface Props {
  accountId: string
  bot: BuilderBot
}

/** What an account sets for a bot beside its export. */
export function BotSettingsForm({ accountId, bot }: Props) {
  const mayWrite = useMay(accountId, 'account:write')
  return mayWrite ? <EditForm accountId={accountId} bot={bot} /> : <Shown {...{ accountId, bot }} />
}

function Shown({ accountId, bot }: Props) {
  const { skillName } = useSkills(accountId)
  return (
    <Facts
      facts={[
        [t.skills, bot.skillIds.map(skillName).join(', ') || t.noSkills],
        [t.where, bot.channels.map((id) => t.channels[id]).join(', ')],
        [t.escalationSkill, escalationSkill(bot.escalation.skillId, skillName)],
        [t.toCustomer, bot.escalation.messageToCustomer || undefined],
        [t.answers, <Json key="answers" label={t.answers} value={bot.answers} />],
      ]}
    />
  )
}

function EditForm({ accountId, bot }: Props) {
  const { skills, skillsQuery } = useSkills(accountId)
  const client = useQueryClient()
  const [form, setForm] = useState(() => formOf(bot))
  /** What the form began with. */
  const [saved, setSaved] = useState(form)
  /** Somebody else may save: that is shown, and what is typed here stays. */
  const [shown, setShown] = useState(bot)
  if (shown !== bot) {
    setShown(bot)
    setForm((now) => changedOver(now, saved, formOf(bot)))
    setSaved(formOf(bot))
  }
  const { skillIds, channels, escalation, skillMap, answers } = form
  const write = (part: Partial<typeof form>): void => setForm((old) => ({ ...old, ...part }))
  const isChanged = !isSame(form, saved)
  useUnsaved(isChanged)
  const [isTried, setTried] = useState(false)
  const parsed = parseJson(answers)
  const change = changeOf(form)
  const own = isTried ? problemsOf(BuilderBotChange, change) : NO_PROBLEMS
  const ofMap = problemsOfMap(skillMap)
  const wrong = own.size + (isTried ? ofMap.size : 0)
  const store = useMutation({
    mutationFn: async () => {
      const params = { botId: bot.botId }
      const newest = changeOf(formOf(await ask(accountId, getBuilderBot, { params })))
      const merged = changedOver(change, changeOf(saved), newest)
      return await ask(accountId, changeBuilderBot, { params, body: changedOf(merged, newest) })
    },
    onMutate: () => form,
    onSuccess: (known, _, sent) => {
      client.setQueryData(['bots', accountId, bot.botId], known)
      // What was typed while it was saved is not saved.
      setForm((now) => changedOver(now, sent, formOf(known)))
      setSaved(formOf(known))
    },
  })
  const problems = own.size > 0 ? own : problemsOfError(store.error)
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    setTried(true)
    if (!parsed.ok || ofMap.size > 0) return
    if (problemsOf(BuilderBotChange, change).size === 0) store.mutate()
  }
  const wrongAnswers = [...own].find(([path]) => path.startsWith('answers'))
  return (
    <Form problems={problems} className="form" onSubmit={submit} noValidate>
      <fieldset className="form-part">
        <legend>{t.where}</legend>
        <UnlessUnread query={skillsQuery}>
          <Checks
            label={t.skills}
            hint={t.skillsHint}
            options={skills.map(({ skillId, name }) => ({ id: skillId, name }))}
            value={skillIds}
            onChange={(ids) => write({ skillIds: ids })}
            none={t.noSkills}
            member="skillIds"
          />
        </UnlessUnread>
        <Checks
          label={t.open}
          options={(['messaging', 'chat'] as const).map((id) => ({ id, name: t.channels[id] }))}
          value={channels}
          onChange={(ids) => write({ channels: ids })}
          member="channels"
        />
      </fieldset>
      <EscalationFields
        skills={skills}
        value={escalation}
        onChange={(next) => write({ escalation: next })}
        orNone
      />
      <SkillMap
        skills={skills}
        value={skillMap}
        onChange={(next) => write({ skillMap: next })}
        problems={isTried ? ofMap : new Map()}
      />
      <fieldset className="form-part">
        <legend>{t.answers}</legend>
        <Field
          label={t.answers}
          hint={t.answersHint}
          lines={6}
          value={answers}
          onChange={(text) => write({ answers: text })}
          problem={
            parsed.ok
              ? wrongAnswers && `${wrongAnswers[0]} ${wrongAnswers[1]}`
              : `${t.notJson} ${parsed.reason}`
          }
        />
      </fieldset>
      {wrong > 0 && (
        <p role="alert" className="bad">
          {t.fix(wrong)}
        </p>
      )}
      {store.error && <ErrorNotice error={store.error} />}
      <p className="actions">
        <Button type="submit" kind="primary" isPending={store.isPending}>
          {t.save}
        </Button>
        <span role="status">{store.isSuccess && !isChanged && t.saved}</span>
      </p>
    </Form>
  )
}

function formOf({ skillIds, channels, escalation, skillMap, answers }: BuilderBot) {
  return {
    skillIds,
    channels,
    escalation,
    skillMap: Object.entries(skillMap),
    answers: JSON.stringify(answers, null, 2),
  }
}

function changeOf({ skillMap, answers, ...rest }: ReturnType<typeof formOf>) {
  const parsed = parseJson(answers)
  return {
    ...rest,
    skillMap: Object.fromEntries(skillMap.filter(([from]) => from !== '')),
    answers: (parsed.ok ? parsed.value : {}) as BuilderBotChange['answers'],
  }
}
