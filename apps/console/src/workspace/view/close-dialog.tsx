import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { FormDialog } from '../../studio/ui/form-dialog.tsx'
import type { Desk } from '../desk/desk.ts'
import type { Talk } from '../desk/state.ts'
import { t } from '../words.ts'

interface Props {
  desk: Desk
  talk: Talk
  onClose: () => void
}

/** Asks before a conversation is closed. */
export function CloseDialog({ desk, talk: { conversationId }, onClose }: Props) {
  const [isWithoutSurvey, setWithoutSurvey] = useState(false)
  const { error, isPending, mutate } = useMutation({
    mutationFn: () => desk.close(conversationId, !isWithoutSurvey),
    onSuccess: onClose,
  })
  return (
    <FormDialog
      title={t.closeTitle}
      submit={t.close}
      isQuestion
      error={error}
      isPending={isPending}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <p>{t.closeText}</p>
      <label className="check">
        <input
          type="checkbox"
          checked={isWithoutSurvey}
          onChange={({ currentTarget }) => setWithoutSurvey(currentTarget.checked)}
        />
        {t.closeWithoutSurvey}
      </label>
    </FormDialog>
  )
}
