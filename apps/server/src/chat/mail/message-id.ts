/** Begins with the mail's id and ends with the sender's domain, as receivers expect. */
export function messageIdOf(mailId: string, senderEmail: string): string {
  return `<${mailId}@${senderEmail.slice(senderEmail.lastIndexOf('@') + 1).toLowerCase()}>`
}

/** The mail that a Message-ID of this server belongs to. */
export function mailIdOf(messageId: string): string | undefined {
  return /^<([\w-]{1,64})@/.exec(messageId)?.[1]
}
