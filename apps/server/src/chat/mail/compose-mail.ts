import { MailAddress } from '@parley/contract'
import type { SendMailOptions } from 'nodemailer'
import { ParleyError } from '#base/kernel'
import type { Mail } from './mail-transport.ts'

/**
 * Nodemailer reads lists and names out of addresses, even out of those of the envelope: what is not exactly one address is
 * refused here, whatever was checked before. It encodes line breaks in the other headers itself.
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
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}
