import { TranscriptSettings } from '@parley/contract'
import type { Http } from '#base/http'
import { openMails } from '#chat/mail'
import type { OutboxInsert } from '#base/store'
import { openAccountDocument } from './account-document.ts'
import { decideTranscript, giveUpTranscript } from './decide.ts'
import type { TranscriptDeps, TranscriptRoom } from './deps.ts'
import { eraseTranscripts } from './erase.ts'
import { renderChat } from './rendering.ts'
import { transcriptRoutes } from './routes.ts'
import { SubmittedSurvey, TRANSCRIPT_DECISION } from './submitted-survey.ts'
import type { ReadChat } from './transcript-chat.ts'

export interface Transcripts extends AsyncDisposable {
  /** To be put into the commit of a submitted survey: who gets the transcript is decided from it. */
  decisionRow(survey: SubmittedSurvey): OutboxInsert
  /** Set once, by the room that has the chats. */
  readChatsWith(read: ReadChat): void
  /** Takes away what is kept about these chats: mails, kept or not, decisions and what functions were told. Called again, it does nothing. */
  eraseChats(accountId: string, chatIds: readonly string[]): Promise<void>
  mount(http: Http): void
}

export function openTranscripts(deps: TranscriptDeps): Transcripts {
  const settings = openAccountDocument(deps, 'transcript-settings', TranscriptSettings)
  let read: ReadChat = async () => undefined
  const mails = openMails({
    ...deps,
    policyOf: settings.get,
    async contentOf(accountId, chatId) {
      const chat = await read(accountId, chatId)
      return chat && renderChat(chat)
    },
  })
  const room: TranscriptRoom = {
    ...deps,
    settings,
    mails,
    readChat: (accountId, chatId) => read(accountId, chatId),
  }
  deps.delivery.consume({
    name: TRANSCRIPT_DECISION,
    facts: SubmittedSurvey,
    handle: (row) => decideTranscript(room, row),
    exhausted: (row, cause) => giveUpTranscript(room, row, cause),
  })
  return {
    decisionRow: (facts) => ({ consumer: TRANSCRIPT_DECISION, orderingKey: facts.chatId, facts }),
    readChatsWith: (given) => {
      read = given
    },
    async eraseChats(accountId, chatIds) {
      // In this order: once the decision cannot come any more, nothing of it does.
      await eraseTranscripts(deps.store, accountId, chatIds)
      await mails.erase(accountId, chatIds)
      await deps.records.erase(accountId, { conversationIds: chatIds })
    },
    mount(http) {
      transcriptRoutes(http, room)
      mails.mount(http)
    },
    async [Symbol.asyncDispose]() {
      settings[Symbol.dispose]()
      await mails[Symbol.asyncDispose]()
    },
  }
}
