import type { Delivery } from '#base/delivery'
import type { Clock, Ids, Logger, Monotonic } from '#base/kernel'
import type { Store } from '#base/store'
import type { FoundMail, MailKey } from './mail-repository.ts'
import type { MailTransport } from './mail-transport.ts'

/** What a mail says about its chat. */
export interface MailContent {
  html: string
  text: string
}

/** What the account has set about its mails. */
export interface MailPolicy {
  /** New mails wait until somebody sends them by hand. */
  holdMails: boolean
  /** Who receives what cannot be delivered, instead of the sender. */
  bounceAddress?: string | undefined
}

export interface MailDeps {
  store: Store
  delivery: Delivery
  clock: Clock
  monotonic: Monotonic
  ids: Ids
  logger: Logger
  /** Without one, mails are kept. */
  smtpUrl: string | undefined
  policyOf(accountId: string): Promise<MailPolicy>
  /** Mails are not stored whole: what they say is asked for when it is needed. `undefined` when the chat is gone. */
  contentOf(accountId: string, chatId: string): Promise<MailContent | undefined>
}

/** What the operations of this room need. */
export interface MailRoom extends MailDeps {
  transport: MailTransport
  /** Before a commit: those of other mails join it. */
  gather: () => Promise<void>
  /** For many mails at once: askers share a reading. */
  findMail: (key: MailKey) => Promise<FoundMail | undefined>
}
