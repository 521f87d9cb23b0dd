import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { authorOf } from './author.ts'
import type { SavedPayloadsDeps } from './deps.ts'
import { deleteSavedPayload, listSavedPayloads } from './read.ts'
import { savePayload } from './save.ts'

/** The native API of this module. */
export function savedPayloadRoutes({ app }: Http, deps: SavedPayloadsDeps): void {
  route(app, contract.listSavedPayloads, async ({ params, principal }) => ({
    payloads: await listSavedPayloads(deps, params, authorOf(principal)),
  }))
  route(app, contract.savePayload, ({ params, body, principal }) =>
    savePayload(deps, params, authorOf(principal), body),
  )
  route(app, contract.deleteSavedPayload, ({ params, principal }) =>
    deleteSavedPayload(deps, params, authorOf(principal)),
  )
}
