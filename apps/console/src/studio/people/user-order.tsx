import {
  changeUser,
  deleteInvitation,
  deleteUser,
  endUserSessions,
  type User,
} from '@parley/contract'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Field } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { operateWords } from '../words/operate.ts'
import { InviteDialog } from './invite-dialog.tsx'
import { welcomeWords } from './welcome-words.ts'
import { peopleWords as t } from './words.ts'

export type UserOrder =
  | 'invite'
  | 'uninvite'
  | 'password'
  | 'log-out'
  | 'disable'
  | 'enable'
  | 'delete'

interface Props {
  accountId: string
  user: User
  kind: UserOrder
  /** @param said what has been done, if anything */
  onClose: (said: string | undefined) => void
}

/** What an administrator does with one user, after a question. */
export function UserOrderDialog(props: Props) {
  const { kind, onClose } = props
  if (kind === 'invite') return <InviteDialog {...props} onClose={() => onClose(undefined)} />
  if (kind === 'password') return <PasswordDialog {...props} />
  return <QuestionDialog {...props} kind={kind} />
}

function QuestionDialog({
  accountId,
  user: { userId, nickname },
  kind,
  onClose,
}: Props & { kind: Exclude<UserOrder, 'invite' | 'password'> }) {
  const params = { userId }
  const set = (enabled: boolean) => () => ask(accountId, changeUser, { params, body: { enabled } })
  const orders = {
    uninvite: {
      title: welcomeWords.uninviteTitle(nickname),
      text: welcomeWords.uninviteText,
      submit: welcomeWords.uninvite,
      done: welcomeWords.uninvited(nickname),
      run: () => ask(accountId, deleteInvitation, { params }),
    },
    'log-out': {
      title: t.logOutTitle(nickname),
      text: t.logOutText,
      submit: t.logOut,
      done: t.loggedOut(nickname),
      run: () => ask(accountId, endUserSessions, { params }),
    },
    disable: {
      title: t.disableTitle(nickname),
      text: t.disableText,
      submit: t.disable,
      done: t.nowDisabled(nickname),
      run: set(false),
    },
    enable: {
      title: t.enableTitle(nickname),
      text: t.enableText,
      submit: t.enable,
      done: t.nowEnabled(nickname),
      run: set(true),
    },
    delete: {
      title: t.deleteTitle(nickname),
      text: t.deleteText,
      submit: operateWords.delete,
      done: t.deleted(nickname),
      run: () => ask(accountId, deleteUser, { params }),
    },
  }
  const { title, text, submit, done, run } = orders[kind]
  return (
    <RemoveDialog
      title={title}
      submit={submit}
      remove={run}
      onClose={(isDone) => onClose(isDone ? done : undefined)}
    >
      <p>{text}</p>
    </RemoveDialog>
  )
}

function PasswordDialog({ accountId, user: { userId, nickname }, onClose }: Props) {
  const [password, setPassword] = useState('')
  const save = useDialogMutation({
    mutationFn: () => ask(accountId, changeUser, { params: { userId }, body: { password } }),
    onDone: () => onClose(t.passwordSet(nickname)),
  })
  return (
    <FormDialog
      title={t.passwordTitle(nickname)}
      submit={t.setPassword}
      error={save.error}
      isPending={save.isPending}
      onSubmit={() => save.mutate()}
      onClose={() => onClose(undefined)}
    >
      <Field
        label={t.newPassword}
        hint={t.newPasswordHint}
        type="password"
        value={password}
        onChange={setPassword}
        minLength={12}
        maxLength={200}
        autoComplete="new-password"
        autoFocus
        isRequired
      />
    </FormDialog>
  )
}
