import { type Connector, ConnectorDraft } from '@parley/contract'
import { type FormEvent, useState } from 'react'
import { changedOver, isSame } from '../api/changed.ts'
import { useFunctions, useSkills } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Checks } from '../ui/checks.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { NO_PROBLEMS, problemsOf, problemsOfError } from '../ui/problems.ts'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { type ConnectorForm as Fields, draftOf, formOf } from './connector-draft.ts'
import { EscalationFields } from './escalation-fields.tsx'
import { FunctionChoice } from './function-choice.tsx'
import { PaceFields } from './pace-fields.tsx'
import { VendorFields } from './vendor-fields.tsx'
import { botWords as t } from './words.ts'

interface Props {
  accountId: string
  /** Absent for a new one. */
  connector: Connector | undefined
  error: unknown
  isPending: boolean
  /** Something is typed that is not saved. */
  onTyped?: () => void
  /**
   * @param before what the form began with
   * @param done called with what is stored when it is saved
   */
  onSave: (form: Fields, before: Fields, done: (stored: Connector) => void) => void
}

/** A connector as it is written down: each problem stands at its field, before and after it is sent. */
export function ConnectorForm(props: Props) {
  const { accountId, connector, error, isPending, onTyped, onSave } = props
  const { functions } = useFunctions(accountId)
  const { skills, skillsQuery } = useSkills(accountId)
  const [form, setForm] = useState(() => formOf(connector))
  const [saved, setSaved] = useState(form)
  useUnsaved(!isSame(form, saved), onTyped)
  const [isTried, setTried] = useState(false)
  const change = (part: Partial<Fields>): void => setForm((old) => ({ ...old, ...part }))
  const own = isTried ? problemsOf(ConnectorDraft, draftOf(form)) : NO_PROBLEMS
  const problems = own.size > 0 ? own : problemsOfError(error)
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    setTried(true)
    if (problemsOf(ConnectorDraft, draftOf(form)).size > 0) return
    // What was typed as a secret does not stay in the page, and what was typed while it was saved is not saved.
    onSave(form, saved, (stored) => {
      setForm((now) => changedOver(withoutSecret(now), withoutSecret(form), formOf(stored)))
      setSaved(formOf(stored))
    })
  }
  return (
    <Form problems={problems} className="form" onSubmit={submit} noValidate>
      <fieldset className="form-part">
        <legend>{t.who}</legend>
        <Field
          label={t.name}
          value={form.name}
          onChange={(name) => change({ name })}
          maxLength={100}
          member="name"
          isRequired
        />
        <VendorFields
          accountId={accountId}
          form={form}
          change={change}
          before={connector?.vendor}
        />
      </fieldset>
      <fieldset className="form-part">
        <legend>{t.where}</legend>
        <UnlessUnread query={skillsQuery}>
          <Checks
            label={t.skills}
            hint={t.skillsHint}
            options={skills.map(({ skillId, name }) => ({ id: skillId, name }))}
            value={form.skillIds}
            onChange={(skillIds) => change({ skillIds })}
            none={t.noSkills}
            member="skillIds"
          />
        </UnlessUnread>
        <Checks
          label={t.open}
          options={(['messaging', 'chat'] as const).map((id) => ({ id, name: t.channels[id] }))}
          value={form.channels}
          onChange={(channels) => change({ channels })}
          member="channels"
        />
        <CheckBox
          label={t.welcome}
          hint={t.welcomeHint}
          isSelected={form.welcome}
          onChange={(welcome) => change({ welcome })}
        />
        <CheckBox
          label={t.attributes}
          hint={t.attributesHint}
          isSelected={form.engagementAttributes}
          onChange={(engagementAttributes) => change({ engagementAttributes })}
        />
        <PaceFields form={form} change={change} />
      </fieldset>
      <EscalationFields
        skills={skills}
        value={form.escalation}
        onChange={(escalation) => change({ escalation })}
      />
      <fieldset className="form-part">
        <legend>{t.hooks}</legend>
        <div className="form-row">
          {(['pre', 'post', 'error'] as const).map((name) => (
            <FunctionChoice
              accountId={accountId}
              key={name}
              label={t.hookNames[name]}
              functions={functions}
              value={form.hooks[name]}
              onChange={(id) => change({ hooks: { ...form.hooks, [name]: id } })}
              member={`hooks.${name}`}
            />
          ))}
        </div>
      </fieldset>
      {own.size > 0 && (
        <p role="alert" className="bad">
          {t.fix(own.size)}
        </p>
      )}
      {error !== null && error !== undefined && <ErrorNotice error={error} />}
      <p className="actions">
        <Button type="submit" kind="primary" isPending={isPending}>
          {connector ? t.save : t.create}
        </Button>
      </p>
    </Form>
  )
}

function withoutSecret(form: Fields): Fields {
  return { ...form, endpoint: { ...form.endpoint, clientSecret: '' } }
}
