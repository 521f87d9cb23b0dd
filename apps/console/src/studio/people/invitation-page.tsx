import { call } from '@parley/client'
import { readInvitation, takeInvitation } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { serverError } from '../api/server.ts'
import { signIn } from '../session/sign-in.tsx'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { INVITATION_PATH } from './search.ts'
import { welcomeWords as t } from './welcome-words.ts'

/** Where an invitation leads: who has its link sets a password, and is signed in. What the link holds never leaves the browser in an address. */
export function InvitationPage() {
  const { accountId } = useParams({ from: INVITATION_PATH })
  const [token] = useState(() => location.hash.slice(1))
  const endpoint = { url: location.origin, accountId }
  const query = useQuery({
    queryKey: ['invitation', accountId, token],
    queryFn: () =>
      call(endpoint, readInvitation, { body: { token } }).catch((thrown: unknown) => {
        throw serverError(thrown)
      }),
    refetchOnWindowFocus: false,
  })
  useEffect(() => {
    document.title = `${t.passwordTitle} · Parley`
  }, [])
  const { error } = query
  const isInvalid = error !== null && [400, 404].includes(serverError(error).status)
  return (
    <main className="sign-in-page">
      <h1>{t.passwordTitle}</h1>
      {isInvalid && (
        <>
          <p role="alert">{t.invalid}</p>
          <p>
            <Link to="/$accountId/home" params={{ accountId }}>
              {t.signIn}
            </Link>
          </p>
        </>
      )}
      {!isInvalid && (
        <Loaded query={query}>
          {({ nickname, accountName, loginName }) => (
            <>
              <p>
                {t.welcome(nickname)} {t.joins(accountName || accountId)}
              </p>
              <p className="faint">
                {t.signInAs} <strong>{loginName}</strong>
              </p>
              <NewPassword accountId={accountId} token={token} />
            </>
          )}
        </Loaded>
      )}
    </main>
  )
}

function NewPassword({ accountId, token }: { accountId: string; token: string }) {
  const navigate = useNavigate()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const differs = again !== '' && again !== password
  const save = useMutation({
    mutationFn: async () => {
      const endpoint = { url: location.origin, accountId }
      const { loginName } = await call(endpoint, takeInvitation, { body: { token, password } })
      // The link is used up. Where signing in fails now, the page of the account asks for the password that is set.
      await signIn(accountId, loginName, password).catch(() => undefined)
    },
    onSuccess: () => navigate({ to: '/$accountId/home', params: { accountId }, replace: true }),
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    if (again === password) save.mutate()
  }
  return (
    <form className="sign-in" onSubmit={submit}>
      <Field
        label={t.password}
        hint={t.passwordHint}
        type="password"
        value={password}
        onChange={setPassword}
        minLength={12}
        maxLength={200}
        autoComplete="new-password"
        autoFocus
        isRequired
      />
      <Field
        label={t.again}
        type="password"
        value={again}
        onChange={setAgain}
        autoComplete="new-password"
        isRequired
      />
      <p role="status" className="bad">
        {differs && t.differs}
      </p>
      {save.error && <ErrorNotice error={serverError(save.error)} />}
      <Button type="submit" kind="primary" isPending={save.isPending}>
        {t.submit}
      </Button>
    </form>
  )
}
