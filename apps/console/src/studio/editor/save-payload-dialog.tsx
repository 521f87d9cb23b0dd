import { useState } from 'react'
import { CheckBox } from '../ui/check-box.tsx'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { replayWords as t } from '../words/replay.ts'

interface Props {
  error: unknown
  isPending: boolean
  onSave: (kept: { name: string; shared: boolean }) => void
  onClose: () => void
}

/** What an input shall be called, and who shall have it. */
export function SavePayloadDialog({ error, isPending, onSave, onClose }: Props) {
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)

  return (
    <FormDialog
      title={t.saveTitle}
      submit={t.save}
      error={error}
      isPending={isPending}
      onSubmit={() => onSave({ name, shared })}
      onClose={onClose}
    >
      <Field
        label={t.name}
        member="name"
        hint={t.nameHint}
        value={name}
        onChange={setName}
        maxLength={100}
        autoFocus
        isRequired
      />
      <CheckBox label={t.forAll} isSelected={shared} onChange={setShared} />
      <p className="faint">{t.copyHint}</p>
    </FormDialog>
  )
}
