import { type FunctionDetail, getFunction, patchFunction } from '@parley/contract'
import { useState } from 'react'
import { changedOf, changedOver } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useFunctionEvents } from '../api/use-function-events.ts'
import { useFunctions, useSkills } from '../api/use-names.ts'
import { settingsWords as t } from '../functions/settings-words.ts'
import { skillOptions } from '../functions/skill-options.ts'
import { Checks } from '../ui/checks.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { words } from '../words/index.ts'

interface Props {
  accountId: string
  /** Its newest version, without work that is not saved. */
  saved: FunctionDetail
  onSaved: (detail: FunctionDetail) => void
  onClose: () => void
}

const LANGUAGES = [
  { id: 'javascript', name: 'JavaScript' },
  { id: 'typescript', name: 'TypeScript' },
] as const

/** Name, description, language and skills of a function. */
export function SettingsDialog({ accountId, saved, onSaved, onClose }: Props) {
  const { functionId, eventId } = saved
  const names = { ...useFunctions(accountId), ...useSkills(accountId) }
  const { data } = useFunctionEvents(accountId)
  const event = data?.events.find((one) => one.eventId === eventId)
  const [name, setName] = useState(saved.name)
  const [description, setDescription] = useState(saved.description)
  const [language, setLanguage] = useState(saved.language)
  const [skills, setSkills] = useState(saved.skills)
  const [before] = useState(() => settingsOf(saved))
  const save = useDialogMutation({
    mutationFn: async () => {
      const params = { functionId }
      const newest = await ask(accountId, getFunction, { params })
      const settings = { name, description, language, skills }
      const merged = changedOver(settings, before, settingsOf(newest))
      return await ask(accountId, patchFunction, {
        params,
        body: { version: newest.version, ...changedOf(merged, newest) },
      })
    },
    onDone: onSaved,
  })
  return (
    <FormDialog
      title={t.title(saved.name)}
      submit={t.save}
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.create.name}
        hint={t.nameHint}
        value={name}
        onChange={setName}
        pattern="\w{1,64}"
        maxLength={64}
        isRequired
        member="name"
      />
      <Field
        label={words.create.description}
        value={description}
        onChange={setDescription}
        lines={3}
        maxLength={5_000}
        isRequired
        member="description"
      />
      <Choice
        label={t.language}
        options={LANGUAGES}
        value={language}
        onChange={(id) => setLanguage(id === 'typescript' ? id : 'javascript')}
        member="code"
      />
      {event?.supportsSkills === false ? (
        <p className="faint">{t.noSkillsOfEvent}</p>
      ) : (
        event && (
          <UnlessUnread query={names.skillsQuery}>
            <Checks
              label={t.skills}
              hint={`${t.skillsHint} ${t.atOnce}`}
              options={skillOptions(names, { eventId: event.eventId, functionId }, saved.skills)}
              value={skills}
              onChange={setSkills}
              none={t.noSkills}
              member="skills"
            />
          </UnlessUnread>
        )
      )}
    </FormDialog>
  )
}

function settingsOf({ name, description, language, skills }: FunctionDetail) {
  return { name, description, language, skills }
}
