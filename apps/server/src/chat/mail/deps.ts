import type { Delivery } from '#base/delivery'
import type { FewAtOnce, ReadAhead } from '#base/kit'
import type { Base } from '#base/store'
import type { Reading } from '#messaging/reading'
import type { ChatSight } from './chat-sight.ts'
import type { MailTransport } from './mail-transport.ts'
import type { FoundMail } from './repository.ts'

/** What a mail says. */
export interface MailContent {
  html: string
  text: string
}

/** A mail that is about to be sent. */
export interface MailToSend extends FoundMail {
  /** What it says, if the mail is short. */
  content?: MailContent | undefined
}

/** What the account has set about its mails. */
export interface MailPolicy {
  /** Addresses and `@domain`s that functions may send from. */
  senders: readonly string[]
  /** New mails wait until a user sends them. */
  holdMails: boolean
  /** Receives what cannot be delivered, instead of the sender. */
  bounceAddress?: string | undefined
}

/** What the module is opened with. */
export interface OpenMailDeps extends Pick<
  Base,
  'store' | 'clock' | 'monotonic' | 'ids' | 'logger'
> {
  delivery: Delivery
  reading: Pick<Reading, 'readerOf'>
  chatSight: ChatSight
  /** Without one, mails are kept. */
  smtpUrl: string | undefined
  policyOf(accountId: string): Promise<MailPolicy>
  /** A transcript is not stored: it is rendered when it is needed. `undefined` when the chat is gone. */
  contentOf(accountId: string, chatId: string): Promise<MailContent | undefined>
  /** Of those of these chats that are short, by their ids. */
  shortContentsOf(accountId: string, chatIds: readonly string[]): Promise<Map<string, MailContent>>
}

/** What its operations need. */
export interface MailDeps extends OpenMailDeps {
  transport: MailTransport
  /** Runs what holds a whole mail, as many at once as the transport is given. */
  sending: FewAtOnce
  /** To be awaited before a commit, so that one commit takes several mails. */
  gather: () => Promise<void>
  /** By the ids of mails that wait for their turn of `sending`. */
  toSend: ReadAhead<MailToSend>
}
