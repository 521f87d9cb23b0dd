import { TranscriptSettings } from '@parley/contract'
import type { Http } from '#http'
import type { OutboxInsert } from '#store'
import { openAccountDocument } from './account-document.ts'
import { batchReads } from './batch-reads.ts'
import { decideTranscript, giveUpTranscript } from './decide.ts'
import type { TranscriptDeps, TranscriptRoom } from './deps.ts'
import { eraseTranscripts } from './erase.ts'
import { openGathering } from './gathering.ts'
import { openKeptTransport } from './kept-transport.ts'
import { findMails, nameOfMail } from './mail-repository.ts'
import { MAIL_SENDING } from './order-mails.ts'
import { transcriptRoutes } from './routes.ts'
import { MailSending, sendQueuedMail } from './send-mail.ts'
import { openSmtpTransport } from './smtp-transport.ts'
import { SubmittedSurvey, TRANSCRIPT_DECISION } from './submitted-survey.ts'
import type { ReadChat } from './transcript-chat.ts'

/** Enough to keep the pool of connections busy. A mail server that hangs keeps this many waiting, and nothing else. */
const MAILS_AT_ONCE = 256

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
  const transport =
    deps.smtpUrl === undefined ? openKeptTransport(deps.store) : openSmtpTransport(deps.smtpUrl)
  let read: ReadChat = async () => undefined
  const room: TranscriptRoom = {
    ...deps,
    settings,
    transport,
    readChat: (accountId, chatId) => read(accountId, chatId),
    gather: openGathering(deps),
    findMail: batchReads(deps, nameOfMail, (keys) => findMails(deps.store.db, keys)),
  }
  deps.delivery.consume({
    name: TRANSCRIPT_DECISION,
    facts: SubmittedSurvey,
    handle: (row) => decideTranscript(room, row),
    exhausted: (row, cause) => giveUpTranscript(room, row, cause),
  })
  deps.delivery.consume({
    name: MAIL_SENDING,
    facts: MailSending,
    handle: (row) => sendQueuedMail(room, row),
    atOnce: MAILS_AT_ONCE,
  })
  return {
    decisionRow: (facts) => ({ consumer: TRANSCRIPT_DECISION, lane: facts.chatId, facts }),
    readChatsWith: (given) => {
      read = given
    },
    async eraseChats(accountId, chatIds) {
      await deps.invocations.erase(accountId, { conversationIds: chatIds })
      await eraseTranscripts(deps.store, accountId, chatIds)
    },
    mount: (http) => transcriptRoutes(http, room),
    async [Symbol.asyncDispose]() {
      settings[Symbol.dispose]()
      await transport[Symbol.asyncDispose]()
    },
  }
}
