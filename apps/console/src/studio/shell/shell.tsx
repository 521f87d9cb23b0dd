import { Link, Outlet, useLocation, useParams } from '@tanstack/react-router'
import { Suspense, useEffect, useRef, useState } from 'react'
import { noteOf } from '../page-notes.ts'
import { lazyPart } from '../api/lazy-part.ts'
import { useUpdates } from '../api/use-updates.ts'
import { session, type SignedIn } from '../session/session.ts'
import { SignInAgain } from '../session/sign-in-again.tsx'
import { SignInPage } from '../session/sign-in-page.tsx'
import { useRenewedSession, useRights, useSession } from '../session/use-session.ts'
import { words } from '../words/index.ts'
import { AccountLabel } from './account-label.tsx'
import { LETTER_OF } from './keys.ts'
import { LostBanner } from './lost-banner.tsx'
import { PAGES, type RailGroup } from './pages.ts'
import { Shortcuts } from './shortcuts.tsx'
import { UserMenu } from './user-menu.tsx'

/** Only development servers have a clock that can be moved. */
const ClockChip = lazyPart(() => import('../clock/clock-chip.tsx'), 'ClockChip')

/** What is around every page of an account. Whoever loses the session signs in over the page and goes on. */
export function Shell() {
  const { accountId } = useParams({ from: '/$accountId' })
  const signedIn = useSession(accountId)
  useUpdates(accountId, signedIn?.bearer)
  useRenewedSession(signedIn)
  const [last, setLast] = useState<SignedIn | undefined>(() => session.of(accountId))
  useEffect(() => {
    if (signedIn) setLast(signedIn)
  }, [signedIn])
  const rail = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const shown = signedIn ?? (last?.accountId === accountId ? last : undefined)
  const isShown = shown !== undefined
  // On a phone, and where the rail is longer than the window, the page shown may stand outside of it.
  useEffect(() => {
    rail.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: 'nearest' })
  }, [pathname, isShown])
  if (!shown) return <SignInPage accountId={accountId} />
  // Who signs in after somebody else begins anew, with nothing of what that one typed.
  return (
    <div key={shown.loginName} className="shell">
      <a className="skip" href="#content">
        {words.common.skip}
      </a>
      <header className="top">
        <Link to="/$accountId/home" params={{ accountId }} className="brand">
          Parley
        </Link>
        <AccountLabel accountId={accountId} />
        <span className="space" />
        {signedIn?.permissions.includes('conversation:handle') && (
          <a href={`/workspace/${accountId}`} target="_blank" rel="noreferrer">
            {words.shell.workspace}
          </a>
        )}
        <a href={`/consumer/${accountId}`} target="_blank" rel="noreferrer">
          {words.shell.consumerPage}
        </a>
        <a href="/api/v1">{words.shell.api}</a>
        {noteOf('clock') === 'virtual' && (
          <Suspense>
            <ClockChip accountId={accountId} />
          </Suspense>
        )}
        <Shortcuts accountId={accountId} />
        <UserMenu {...shown} />
      </header>
      <nav className="rail" ref={rail} aria-label={words.shell.pages}>
        {PAGES.map(({ name, pages }) => (
          <Group key={name ?? ''} accountId={accountId} name={name} pages={pages} />
        ))}
      </nav>
      <main id="content">
        <LostBanner accountId={accountId} />
        <Outlet />
      </main>
      {!signedIn && <SignInAgain accountId={accountId} />}
    </div>
  )
}

/** Only what the user may read. */
function Group({ accountId, name, pages }: { accountId: string } & RailGroup) {
  const permissions = useRights(accountId)
  const shown = pages.filter(({ needs }) => needs === undefined || permissions.includes(needs))
  if (shown.length === 0) return null
  return (
    <>
      {name && <span className="rail-group">{words.shell.groups[name]}</span>}
      {shown.map(({ to, label, Icon }) => (
        <Link
          key={to}
          to={to}
          params={{ accountId }}
          activeProps={{ 'aria-current': 'page' }}
          title={LETTER_OF.has(label) ? `g ${LETTER_OF.get(label)}` : undefined}
        >
          <Icon aria-hidden size={18} />
          {words.shell[label]}
        </Link>
      ))}
    </>
  )
}
