import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import type { TranscriptRoom } from './deps.ts'
import { readTranscript } from './read-transcript.ts'

export function transcriptRoutes({ app }: Http, room: TranscriptRoom): void {
  route(app, contract.getTranscriptSettings, ({ params }) => room.settings.get(params.accountId))
  route(app, contract.setTranscriptSettings, ({ params, body, principal }) =>
    room.settings.set(params.accountId, principal.name, body),
  )
  route(app, contract.getTranscript, ({ params }) =>
    readTranscript(room, params.accountId, params.chatId),
  )
}
