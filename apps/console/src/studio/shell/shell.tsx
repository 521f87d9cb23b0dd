import { Link, Outlet, useParams } from '@tanstack/react-router'
import { Code, ScrollText } from 'lucide-react'
import { useEffect, useState } from 'react'
import { session, type SignedIn } from '../session/session.ts'
import { SignInAgain } from '../session/sign-in-again.tsx'
import { SignInPage } from '../session/sign-in-page.tsx'
import { useSession } from '../session/use-session.ts'
import { words } from '../words/index.ts'
import { UserMenu } from './user-menu.tsx'

/** What is around every page of an account. Whoever loses the session signs in over the page and goes on. */
export function Shell() {
  const { accountId } = useParams({ from: '/$accountId' })
  const signedIn = useSession(accountId)
  const [last, setLast] = useState<SignedIn | undefined>(() => session.of(accountId))
  useEffect(() => {
    if (signedIn) setLast(signedIn)
  }, [signedIn])
  const shown = signedIn ?? (last?.accountId === accountId ? last : undefined)
  if (!shown) return <SignInPage accountId={accountId} />
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {words.common.skip}
      </a>
      <header className="top">
        <Link to="/$accountId/functions" params={{ accountId }} className="brand">
          Parley
        </Link>
        <span className="faint">{words.shell.account(accountId)}</span>
        <span className="space" />
        <a href={`/consumer/${accountId}`} target="_blank" rel="noreferrer">
          {words.shell.consumerPage}
        </a>
        <a href="/api/v1">{words.shell.api}</a>
        <UserMenu {...shown} />
      </header>
      <nav className="rail" aria-label={words.shell.pages}>
        <Link
          to="/$accountId/functions"
          params={{ accountId }}
          activeProps={{ 'aria-current': 'page' }}
        >
          <Code aria-hidden size={18} />
          {words.shell.functions}
        </Link>
        <Link to="/$accountId/logs" params={{ accountId }} activeProps={{ 'aria-current': 'page' }}>
          <ScrollText aria-hidden size={18} />
          {words.shell.logs}
        </Link>
      </nav>
      <main id="content">
        <Outlet />
      </main>
      {!signedIn && <SignInAgain accountId={accountId} />}
    </div>
  )
}
