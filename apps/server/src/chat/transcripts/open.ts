import type { Http } from '#base/http'
import { withDeps } from '#base/kernel'
import { type MailContent, openMail } from '#chat/mail'
import { decideTranscript, giveUpTranscript } from './decide.ts'
import type { OpenTranscriptsDeps, TranscriptDeps } from './deps.ts'
import * as erasing from './erase.ts'
import { renderChat } from './rendering.ts'
import { transcriptRoutes } from './routes.ts'
import { decisionRow, SubmittedSurvey, TRANSCRIPT_DECISION } from './submitted-survey.ts'

export type Transcripts = ReturnType<typeof openTranscripts>

/** Decides who gets the transcript of a chat, and mails it. */
export function openTranscripts(given: OpenTranscriptsDeps) {
  const mails = openMail({
    ...given,
    policyOf: async (accountId) => (await given.settings.get(accountId)).transcripts,
    async contentOf(accountId, chatId) {
      const chat = await given.chatReader.read(accountId, chatId)
      return chat && (await renderChat(given, accountId, chat))
    },
    async shortContentsOf(accountId, chatIds) {
      const contents = new Map<string, MailContent>()
      for (const chat of await given.chatReader.readShort(accountId, chatIds)) {
        contents.set(chat.chatId, await renderChat(given, accountId, chat))
      }
      return contents
    },
  })
  const deps: TranscriptDeps = { ...given, mails }
  deps.delivery.consume({
    name: TRANSCRIPT_DECISION,
    workers: 'functions',
    facts: SubmittedSurvey,
    handle: (row) => decideTranscript(deps, row),
    exhausted: (row, cause) => giveUpTranscript(deps, row, cause),
  })
  return {
    decisionRow,
    /** The outbox, for mails about other things. */
    mails,
    ...withDeps(deps, erasing),
    routes(http: Http): void {
      transcriptRoutes(http, deps)
      mails.routes(http)
    },
    beginStop: mails.beginStop,
    [Symbol.asyncDispose]: () => mails[Symbol.asyncDispose](),
  }
}
