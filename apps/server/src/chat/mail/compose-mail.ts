import { MailAddress } from '@parley/contract'
import type { SendMailOptions } from 'nodemailer'
import { ParleyError } from '#base/kernel'
import type { Mail } from './mail-transport.ts'

/**
 * Longer ones are base64: quoting the longest transcript takes more than a second, in which the server does nothing else, and
 * base64 a fifth of it.
 */
const MAX_QUOTED_CHARACTERS = 100_000

/**
 * Nodemailer parses lists and names in addresses, in those of the envelope too. So everything that is not exactly one
 * address is refused here, although it was checked before. Nodemailer encodes line breaks in the other headers itself.
 */
export function composeMail(mail: Mail): SendMailOptions {
  const { envelopeSender, sender, to, subject, html, text, messageId, at } = mail
  for (const address of [envelopeSender, sender.address, to]) {
    if (MailAddress.safeParse(address).success) continue
    throw new ParleyError('mail_refused', `"${address}" is not a mail address`)
  }
  return {
    envelope: { from: envelopeSender, to: [to] },
    from: sender,
    to: { name: '', address: to },
    subject,
    html,
    text,
    messageId,
    date: new Date(at),
    ...(html.length > MAX_QUOTED_CHARACTERS && { textEncoding: 'base64' as const }),
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
