import { createRootRoute, createRoute, Link, Outlet } from '@tanstack/react-router'
import { Shell } from '../shell/shell.tsx'
import { words } from '../words/index.ts'

export const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <main className="page stack">
      <h1>{words.common.notThere}</h1>
      <p>
        <Link to="/">{words.shell.home}</Link>
      </p>
    </main>
  ),
})

/** What is around every page of an account. */
export const account = createRoute({
  getParentRoute: () => root,
  path: '/$accountId',
  component: Shell,
})
