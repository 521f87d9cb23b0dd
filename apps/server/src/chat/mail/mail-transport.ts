/** A mail ready to leave. */
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
  /** Domain time at which it was asked for. */
  at: number
}

/** Hands a mail over. Two of them: SMTP, and one that keeps mails for reading. */
export interface MailTransport extends AsyncDisposable {
  /** What a mail is once `send` has resolved: on its way, or kept here. */
  readonly outcome: 'sent' | 'kept'
  /**
   * Resolves with the receiver's words when it has taken the mail for good. Rejects with `mail_deferred` when another try
   * may help, with `mail_refused` when none will. The same mail may be sent again: its Message-ID is the same then.
   */
  send(mail: Mail): Promise<{ answer: string }>
}
