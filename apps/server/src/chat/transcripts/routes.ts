import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { TranscriptDeps } from './deps.ts'
import { readTranscript } from './read-transcript.ts'

export function transcriptRoutes({ app }: Http, deps: TranscriptDeps): void {
  route(app, contract.getTranscript, async ({ params: { accountId, chatId }, principal }) => {
    await deps.chatSight.require(accountId, await deps.reading.readerOf(principal), chatId)
    return await readTranscript(deps, accountId, chatId)
  })
}
