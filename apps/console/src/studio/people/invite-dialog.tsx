import { createInvitation, type User } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Choice } from '../ui/choice.tsx'
import { Copy } from '../ui/copy.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { OnceDialog } from '../ui/once-dialog.tsx'
import { welcomeWords as t } from './welcome-words.ts'

const SPANS = [24, 72, 168]

interface Props {
  accountId: string
  user: User
  onClose: () => void
}

/** Makes a link by which a person sets a password, and shows it once. */
export function InviteDialog({ accountId, user: { userId, nickname }, onClose }: Props) {
  const [hours, setHours] = useState(72)
  const make = useMutation({
    mutationFn: () => ask(accountId, createInvitation, { params: { userId }, body: { hours } }),
  })
  if (make.data) {
    const path = `/console/set-password/${encodeURIComponent(accountId)}`
    const link = `${location.origin}${path}#${make.data.token}`
    return (
      <OnceDialog title={t.inviteTitle(nickname)} isWide onClose={onClose}>
        <p>{t.linkHint}</p>
        <pre aria-label={t.link} tabIndex={0} role="group">
          {link}
        </pre>
        <p>
          <Copy text={link} />
        </p>
      </OnceDialog>
    )
  }
  return (
    <FormDialog
      title={t.inviteTitle(nickname)}
      submit={t.makeLink}
      isQuestion
      error={make.error}
      isPending={make.isPending}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <p>{t.inviteText}</p>
      <Choice
        label={t.goodFor}
        value={String(hours)}
        options={SPANS.map((span) => ({ id: String(span), name: t.spans[span] ?? String(span) }))}
        onChange={(id) => setHours(Number(id))}
      />
    </FormDialog>
  )
}
