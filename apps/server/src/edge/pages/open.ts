import { pageRoutes } from './routes.ts'

/** What browsers load. */
export function openPages() {
  return { routes: pageRoutes }
}
