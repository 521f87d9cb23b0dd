import { getCaller } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import { noteOf } from '../../studio/page-notes.ts'
import { session, type SignedIn } from '../../studio/session/session.ts'
import { SignInAgain } from '../../studio/session/sign-in-again.tsx'
import { SignIn } from '../../studio/session/sign-in.tsx'
import { useRenewedSession, useSession } from '../../studio/session/use-session.ts'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { useKeptPage } from '../files/use-file-drop.ts'
import { goTo, usePlace } from '../place.ts'
import { t } from '../words.ts'
import { DeskPage } from './desk-page.tsx'

/** The page of agents: who they are, then their desk. Who loses the session signs in over the page and goes on. */
export function Workspace() {
  useKeptPage()
  const { accountId } = usePlace()
  if (accountId === undefined) return <FirstPage />
  return <OfAccount key={accountId} accountId={accountId} />
}

function FirstPage() {
  const proposed = session.lastAccount() ?? noteOf('account')
  const isSignedIn = session.of(proposed) !== undefined
  useEffect(() => {
    if (isSignedIn) goTo(proposed)
  }, [isSignedIn, proposed])
  return <SignInPage proposed={proposed} />
}

function SignInPage(props: { accountId?: string; proposed?: string }) {
  return (
    <main className="sign-in-page">
      <h1>{t.title}</h1>
      <p className="faint">{t.intro}</p>
      <SignIn {...props} onSignedIn={(accountId) => goTo(accountId)} />
    </main>
  )
}

function OfAccount({ accountId }: { accountId: string }) {
  const signedIn = useSession(accountId)
  useRenewedSession(signedIn)
  const [last, setLast] = useState<SignedIn | undefined>(signedIn)
  useEffect(() => {
    if (signedIn) setLast(signedIn)
  }, [signedIn])
  const shown = signedIn ?? last
  if (!shown) return <SignInPage accountId={accountId} />
  return (
    <>
      <OfUser key={shown.loginName} signedIn={shown} isEnded={!signedIn} />
      {!signedIn && <SignInAgain accountId={accountId} />}
    </>
  )
}

function OfUser({ signedIn, isEnded }: { signedIn: SignedIn; isEnded: boolean }) {
  const { accountId, loginName } = signedIn
  const caller = useQuery({
    queryKey: ['caller', accountId, loginName],
    queryFn: () => ask(accountId, getCaller),
    staleTime: Infinity,
    enabled: !isEnded,
  })
  const user = caller.data?.user
  if (!user) return <Loaded query={caller}>{() => null}</Loaded>
  if (!signedIn.permissions.includes('conversation:handle')) {
    return (
      <main className="sign-in-page">
        <h1>{t.title}</h1>
        <p>{t.mayNot}</p>
      </main>
    )
  }
  return <DeskPage signedIn={signedIn} isEnded={isEnded} userId={user.userId} pid={user.pid} />
}
