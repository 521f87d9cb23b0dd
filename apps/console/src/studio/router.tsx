import { createRoute, createRouter, redirect, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { noteOf } from './page-notes.ts'
import { account, root } from './routes/account.tsx'
import { botRoutes } from './routes/bots.tsx'
import { buildRoutes } from './routes/build.tsx'
import { channelRoutes } from './routes/channels.tsx'
import { operateRoutes } from './routes/operate.tsx'
import { invitation, peopleRoutes } from './routes/people.tsx'
import { session } from './session/session.ts'
import { FailedPage } from './shell/failed-page.tsx'
import { mayLeaveForms } from './ui/open-forms.ts'
import { SignInPage } from './session/sign-in-page.tsx'

function FirstPage(): ReactNode {
  const navigate = useNavigate()
  const { another } = useSearch({ from: '/' })
  return (
    <SignInPage
      proposed={another ? '' : (session.lastAccount() ?? noteOf('account'))}
      onSignedIn={(accountId) => void navigate({ to: '/$accountId/home', params: { accountId } })}
    />
  )
}

const first = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: FirstPage,
  // Who is signed in to one account may sign in to another one.
  validateSearch: ({ another }: { another?: boolean }): { another?: boolean } =>
    another === true ? { another } : {},
  beforeLoad: ({ search: { another } }) => {
    const accountId = another ? undefined : session.lastAccount()
    if (accountId !== undefined && session.of(accountId)) {
      redirect({ to: '/$accountId/home', params: { accountId }, throw: true })
    }
  },
})

const accountHome = createRoute({
  getParentRoute: () => account,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/$accountId/home', params, throw: true })
  },
})

export const router = createRouter({
  routeTree: root.addChildren([
    first,
    invitation,
    account.addChildren([
      accountHome,
      ...buildRoutes,
      ...operateRoutes,
      ...peopleRoutes,
      ...channelRoutes,
      ...botRoutes,
    ]),
  ]),
  basepath: '/console',
  defaultPreload: 'intent',
  defaultErrorComponent: FailedPage,
})

router.history.block({ blockerFn: () => !mayLeaveForms(), enableBeforeUnload: false })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
