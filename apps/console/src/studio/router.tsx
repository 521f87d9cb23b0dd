import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useNavigate,
} from '@tanstack/react-router'
import { z } from 'zod'
import { FUNCTION_STATES } from '@parley/contract'
import { CreatePage } from './functions/create-page.tsx'
import { FunctionsPage } from './functions/functions-page.tsx'
import { noteOf } from './page-notes.ts'
import { session } from './session/session.ts'
import { SignInPage } from './session/sign-in-page.tsx'
import { Shell } from './shell/shell.tsx'
import { words } from './words/index.ts'

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <main className="page">{words.common.notThere}</main>,
})

function FirstPage() {
  const navigate = useNavigate()
  return (
    <SignInPage
      proposed={session.lastAccount() ?? noteOf('account')}
      onSignedIn={(accountId) =>
        void navigate({ to: '/$accountId/functions', params: { accountId } })
      }
    />
  )
}

const first = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: FirstPage,
  beforeLoad: () => {
    const accountId = session.lastAccount()
    if (accountId !== undefined && session.of(accountId)) {
      redirect({ to: '/$accountId/functions', params: { accountId }, throw: true })
    }
  },
})

const account = createRoute({ getParentRoute: () => root, path: '/$accountId', component: Shell })

const accountHome = createRoute({
  getParentRoute: () => account,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/$accountId/functions', params, throw: true })
  },
})

// What somebody has typed into the address is no reason for an error: a wrong value counts as none.
const functions = createRoute({
  getParentRoute: () => account,
  path: '/functions',
  component: FunctionsPage,
  validateSearch: z.object({
    name: z.string().optional().catch(undefined),
    state: z.enum(FUNCTION_STATES).optional().catch(undefined),
  }),
})

const create = createRoute({
  getParentRoute: () => account,
  path: '/functions/new',
  component: CreatePage,
  validateSearch: z.object({
    event: z.string().optional().catch(undefined),
    template: z.string().optional().catch(undefined),
  }),
})

const editor = createRoute({
  getParentRoute: () => account,
  path: '/functions/$functionId',
  component: lazyRouteComponent(() => import('./editor/editor-page.tsx'), 'EditorPage'),
})

const logs = createRoute({
  getParentRoute: () => account,
  path: '/logs',
  component: lazyRouteComponent(() => import('./logs/logs-page.tsx'), 'LogsPage'),
  validateSearch: z.object({
    functionId: z.string().optional().catch(undefined),
    level: z.enum(['Info', 'Warn', 'Error']).optional().catch(undefined),
    text: z.string().optional().catch(undefined),
  }),
})

export const router = createRouter({
  routeTree: root.addChildren([
    first,
    account.addChildren([accountHome, functions, create, editor, logs]),
  ]),
  basepath: '/console',
  defaultPreload: 'intent',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
