import { FUNCTION_STATES, INVOCATION_STATES } from '@parley/contract'
import { createRoute } from '@tanstack/react-router'
import * as z from 'zod'
import { FunctionsPage } from '../functions/functions-page.tsx'
import { METRIC_SORTS } from '../metrics/sorts.ts'
import { SINCE } from '../ui/since.ts'
import { account } from './account.tsx'
import { lazyPage } from './lazy-page.ts'

// What somebody has typed into the address is no reason for an error: a wrong value counts as none.
const text = z.string().optional().catch(undefined)
const number = z.coerce.number().int().positive().optional().catch(undefined)

const since = z.enum(SINCE).optional().catch(undefined)

const functions = createRoute({
  getParentRoute: () => account,
  path: '/functions',
  component: FunctionsPage,
  validateSearch: z.object({
    name: text,
    state: z.enum(FUNCTION_STATES).optional().catch(undefined),
  }),
})

const create = createRoute({
  getParentRoute: () => account,
  path: '/functions/new',
  component: lazyPage(() => import('../functions/create-page.tsx'), 'CreatePage'),
  validateSearch: z.object({ event: text, template: text }),
})

const editor = createRoute({
  getParentRoute: () => account,
  path: '/functions/$functionId',
  component: lazyPage(() => import('../editor/editor-page.tsx'), 'EditorPage'),
  // What is written for one function is not taken along to another.
  remountDeps: ({ params }) => params,
  // The run whose input is the payload; the version and its line to show.
  validateSearch: z.object({ run: text, version: number, line: number }),
})

const versions = createRoute({
  getParentRoute: () => account,
  path: '/functions/$functionId/versions',
  component: lazyPage(() => import('../versions/versions-page.tsx'), 'VersionsPage'),
  validateSearch: z.object({ from: number, to: number, line: number }),
})

const runs = createRoute({
  getParentRoute: () => account,
  path: '/runs',
  component: lazyPage(() => import('../runs/runs-page.tsx'), 'RunsPage'),
  validateSearch: z.object({
    functionId: text,
    eventId: text,
    conversationId: text,
    outcome: z.enum(INVOCATION_STATES).optional().catch(undefined),
    version: number,
    since,
  }),
})

const run = createRoute({
  getParentRoute: () => account,
  path: '/runs/$recordId',
  component: lazyPage(() => import('../runs/run-page.tsx'), 'RunPage'),
})

const metrics = createRoute({
  getParentRoute: () => account,
  path: '/metrics',
  component: lazyPage(() => import('../metrics/metrics-page.tsx'), 'MetricsPage'),
  validateSearch: z.object({
    functionId: text,
    since,
    sort: z.enum(METRIC_SORTS).optional().catch(undefined),
  }),
})

const logs = createRoute({
  getParentRoute: () => account,
  path: '/logs',
  component: lazyPage(() => import('../logs/logs-page.tsx'), 'LogsPage'),
  validateSearch: z.object({
    functionId: text,
    level: z.enum(['Info', 'Warn', 'Error']).optional().catch(undefined),
    text,
  }),
})

/** Where functions are written, run and watched. */
export const buildRoutes = [functions, create, editor, versions, runs, run, metrics, logs] as const
