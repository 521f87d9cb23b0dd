import type { SendMailOptions } from 'nodemailer'
import type { Mail } from './mail-transport.ts'

/** Addresses as objects and one of each: nothing in them is ever read as a list or as a second header. */
export function composeMail(mail: Mail): SendMailOptions {
  const { envelopeSender, sender, to, subject, html, text, messageId, at } = mail
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
