import { call } from '@parley/client'
import { getCaller, openSession } from '@parley/contract'
import { type FormEvent, useState } from 'react'
import { serverError } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { words } from '../words/index.ts'
import { session } from './session.ts'

/** Begins a session of this browser. */
export async function signIn(
  accountId: string,
  loginName: string,
  password: string,
): Promise<void> {
  const endpoint = { url: location.origin, accountId }
  const { bearer, user } = await call(endpoint, openSession, { body: { loginName, password } })
  const { permissions, accountName } = await call({ ...endpoint, bearer }, getCaller)
  session.begin({ accountId, bearer, loginName: user.loginName, permissions, accountName })
}

interface Props {
  /** Given where the account is known already. */
  accountId?: string | undefined
  proposed?: string | undefined
  onSignedIn?: (accountId: string) => void
}

/** Name and password, and the account where it is not known. */
export function SignIn({ accountId: fixed, proposed = '', onSignedIn }: Props) {
  const [typed, setTyped] = useState(proposed)
  const [loginName, setLoginName] = useState('')
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const accountId = fixed ?? typed

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      await signIn(accountId, loginName, password)
      onSignedIn?.(accountId)
    } catch (thrown) {
      const failed = serverError(thrown)
      setError(failed.status === 401 || failed.status === 404 ? words.signIn.wrong : failed)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="sign-in" onSubmit={(event) => void submit(event)}>
      {fixed === undefined && (
        <Field label={words.signIn.account} value={typed} onChange={setTyped} isRequired />
      )}
      <Field
        label={words.signIn.name}
        value={loginName}
        onChange={setLoginName}
        autoComplete="username"
        autoFocus
        isRequired
      />
      <Field
        label={words.signIn.password}
        type="password"
        value={password}
        onChange={setPassword}
        autoComplete="current-password"
        isRequired
      />
      {error !== undefined && <ErrorNotice error={error} />}
      <Button type="submit" kind="primary" isPending={isBusy}>
        {words.signIn.submit}
      </Button>
    </form>
  )
}
