import { createRootRoute, createRoute, Outlet } from '@tanstack/react-router'
import { Shell } from '../shell/shell.tsx'
import { words } from '../words/index.ts'

export const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <main className="page">{words.common.notThere}</main>,
})

/** What is around every page of an account. */
export const account = createRoute({
  getParentRoute: () => root,
  path: '/$accountId',
  component: Shell,
})
