import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { TranscriptDeps } from './deps.ts'
import { readTranscript } from './read-transcript.ts'

export function transcriptRoutes({ app }: Http, deps: TranscriptDeps): void {
  route(app, contract.getTranscriptSettings, ({ params }) => deps.settings.get(params.accountId))
  route(app, contract.setTranscriptSettings, ({ params, body, principal }) =>
    deps.settings.set(params.accountId, principal.name, body),
  )
  route(app, contract.getTranscript, ({ params }) =>
    readTranscript(deps, params.accountId, params.chatId),
  )
}
