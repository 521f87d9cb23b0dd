/** A mail that is ready to be sent. */
export interface Mail {
  accountId: string
  messageId: string
  /** The envelope's sender: where receiving servers return what they cannot deliver. */
  envelopeSender: string
  sender: { name: string; address: string }
  to: string
  subject: string
  html: string
  text: string
  /** Domain time at which it was enqueued. */
  at: number
}

/** Sends mails. There are two: SMTP, and a mailbox that keeps mails for reading. */
export interface MailTransport extends AsyncDisposable {
  /** The state of a mail after `send` has resolved. */
  readonly outcome: 'sent' | 'kept'
  /** How many mails it may be given at once, to be busy. */
  readonly atOnce: number
  /**
   * Resolves with the answer of the mail server when it has accepted the mail. Rejects with `mail_deferred` if another try
   * may help, with `mail_refused` if none will, and with `NotNow` when this server has cut it off. The same mail may be sent again, with the same Message-ID.
   */
  send(mail: Mail): Promise<{ answer: string }>
}
