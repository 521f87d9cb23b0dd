import type { Http } from '#base/http'
import type { SavedPayloadsDeps } from './deps.ts'
import { savedPayloadRoutes } from './routes.ts'

/** Inputs that authors keep to try a function with. */
export function openSavedPayloads(deps: SavedPayloadsDeps) {
  return { routes: (http: Http) => savedPayloadRoutes(http, deps) }
}
