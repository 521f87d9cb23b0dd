import { changeSkill, createSkill, type Skill } from '@parley/contract'
import { useState } from 'react'
import { changedOf } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { hoursWords as t } from './hours-words.ts'

interface Props {
  accountId: string
  /** Absent for a new one. */
  skill: Skill | undefined
  /** @param said what has been done, if anything */
  onClose: (said: string | undefined) => void
}

/** What a skill is called; the id of a new one may be chosen. */
export function SkillDialog({ accountId, skill, onClose }: Props) {
  const [name, setName] = useState(skill?.name ?? '')
  const [description, setDescription] = useState(skill?.description ?? '')
  const [id, setId] = useState('')
  const save = useDialogMutation({
    mutationFn: () =>
      skill
        ? ask(accountId, changeSkill, {
            params: { skillId: skill.skillId },
            body: changedOf({ name, description }, skill),
          })
        : ask(accountId, createSkill, {
            body: { name, description, ...(id !== '' && { skillId: id }) },
          }),
    onDone: (made) => onClose(skill ? t.saved(made.name) : t.created(made.name)),
  })
  return (
    <FormDialog
      title={skill ? t.editSkill(skill.name) : t.add}
      submit={operateWords.save}
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={() => onClose(undefined)}
    >
      <Field
        label={t.name}
        member="name"
        value={name}
        onChange={setName}
        maxLength={255}
        autoComplete="off"
        autoFocus
        isRequired
      />
      <Field
        label={t.description}
        member="description"
        value={description}
        onChange={setDescription}
        lines={3}
        maxLength={1_000}
      />
      {!skill && (
        <Field
          label={t.id}
          member="skillId"
          hint={t.idHint}
          value={id}
          onChange={setId}
          pattern="0|[1-9]\d{0,14}"
          maxLength={15}
          inputMode="numeric"
          autoComplete="off"
        />
      )}
    </FormDialog>
  )
}
