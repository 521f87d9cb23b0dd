import { lazyRouteComponent } from '@tanstack/react-router'
import { loadPart } from '../api/load-part.ts'

/** A page whose code comes when somebody goes there, or is about to. */
export const lazyPage: typeof lazyRouteComponent = (load, name) =>
  lazyRouteComponent(() => loadPart(load), name)
