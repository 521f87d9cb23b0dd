import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { TranscriptDeps } from './deps.ts'
import { readTranscript } from './read-transcript.ts'

export function transcriptRoutes({ app }: Http, deps: TranscriptDeps): void {
  route(app, contract.getTranscript, ({ params }) =>
    readTranscript(deps, params.accountId, params.chatId),
  )
}
