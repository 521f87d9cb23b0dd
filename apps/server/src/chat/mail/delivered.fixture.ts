import type { Email } from 'postal-mime'
import type { Delivered } from './mail-transport.contract.ts'

/** A received mail in the words of the transports' contract. */
export function asDelivered(
  { messageId = '', from, to = [], subject = '', html = '', text = '', headers }: Email,
  envelope: { from: string; to: string[] },
): Delivered {
  return {
    messageId,
    from: { name: from?.name ?? '', address: from?.address ?? '' },
    to: to.map(({ address = '' }) => address),
    subject,
    html: trimEnd(html),
    text: trimEnd(text),
    headerNames: headers.map(({ key }) => key).toSorted(),
    receivers: envelope.to,
    envelopeSender: envelope.from,
  }
}

/** The line break before a MIME boundary does not belong to the mail. */
function trimEnd(text: string): string {
  return text.replace(/\n+$/, '\n')
}
